/** What happens to shared steps, for spans, metrics and logs. The only file that imports diagnostics_channel. */
import { channel } from 'node:diagnostics_channel';

export type OnceEventType =
  'wait' | 'claim' | 'take-over' | 'done' | 'failed' | 'released' | 'lost' | 'ahead' | 'deadlock' | 'lock-wait';

/** A message on the channel `bootstrap-gate.once`. */
export interface OnceEvent {
  readonly gate: string | undefined;
  readonly type: OnceEventType;
  readonly namespace: string;
  readonly step: string;
  readonly key: string;
  readonly replica: string;
  readonly fence?: number;
  readonly attempt?: number;
  /** What a person would want to know, such as for whom the step waits. */
  readonly text?: string;
  readonly error?: unknown;
}

const events = channel('bootstrap-gate.once');

export function publish(event: () => OnceEvent): void {
  if (events.hasSubscribers) events.publish(event());
}
