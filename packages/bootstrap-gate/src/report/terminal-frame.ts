import type { GateReport } from '../kit/report-types.js';
import { epochNow } from './clock.js';
import { stepText } from './sentences.js';
import { duration } from './text.js';
import { timedStep } from './timeline.js';

/**
 * The lines that show a running flight: how long it has been, how many wait, and its running steps with what they wait
 * for. None where nothing runs.
 *
 * @param room how many lines there may be
 */
export function frameOf({ state, attempts }: GateReport, waiting: number, room: number): string[] {
  const running = attempts.at(-1)?.steps.filter((step) => step.state === 'running') ?? [];
  if (state !== 'booting' && running.length === 0) return [];
  const startedAt = attempts[0]?.startedAt ?? epochNow();
  const again = attempts.length > 1 ? `, attempt ${attempts.length}` : '';
  const shown = running.slice(0, Math.max(0, room - 2)).map((step) => `  ${stepText(timedStep(step, startedAt))}`);
  const more = running.length - shown.length;
  return [
    `${state} ${duration(epochNow() - startedAt)}${again}, ${waiting} waiting`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
