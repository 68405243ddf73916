/** What gates tell on their channels, as the guide to the steps of a bootstrap describes it. Times are epoch ms. */
import type { GateErrorCode } from '../kit/errors.js';
import type { GateState } from '../kit/types.js';
import type { BlockedReport, Outcome, ProgressReport, StallReport } from '../kit/report-types.js';
import type { Verdict } from '@bootstrap-gate/deadlock';

export interface Messages {
  readonly state: StateMessage;
  readonly flight: FlightMessage;
  readonly step: StepMessage;
  readonly request: RequestMessage;
  readonly verdict: VerdictMessage;
  readonly stall: StallMessage;
  readonly once: OnceMessage;
}

interface StateMessage {
  readonly gate: string;
  readonly type: GateState;
}

/** How something ended, or that it has not. */
export interface Ending {
  readonly outcome: Outcome;
  readonly error: string | null;
  readonly errorType: string | null;
}

export interface FlightMessage extends Ending {
  readonly gate: string;
  readonly type: 'start' | 'retry' | 'end';
  /** Its own in the process, whatever the gates are called. */
  readonly flight: number;
  readonly attempts: number;
  readonly startedAt: number;
  readonly durationMs: number;
}

export interface StepMessage extends Ending {
  readonly gate: string;
  readonly type: 'start' | 'progress' | 'retry' | 'end';
  readonly flight: number;
  readonly flightStartedAt: number;
  readonly attempt: number;
  readonly parent: string | null;
  /** A name that is used twice is numbered: `load`, `load #2`. */
  readonly step: string;
  readonly progress: ProgressReport | null;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

/** Told in the request's own async context. */
export interface RequestMessage {
  readonly gate: string;
  readonly type: 'held' | 'admitted' | 'pilot' | 'denied' | 'gone';
  readonly flight: number | null;
  /** Null for a request that was not held. */
  readonly waitedMs: number | null;
  /** How many are held at this gate now. */
  readonly held: number;
  readonly code: GateErrorCode | null;
}

export interface VerdictMessage {
  /** Null where only mutexes are involved. */
  readonly gate: string | null;
  readonly type: Verdict['certainty'];
  readonly flight: number | null;
  readonly verdict: Verdict;
}

/** Once when a flight stalls, and once more when it is known what the process awaits; or when the event loop was blocked. */
export type StallMessage = {
  readonly gate: string;
  readonly flight: number;
} & (
  | { readonly type: 'stalled'; readonly stall: StallReport }
  | { readonly type: 'blocked'; readonly blocked: BlockedReport }
);

/** What `@bootstrap-gate/once` tells of a step that is shared by replicas. */
export interface OnceMessage {
  /** Undefined where the step is in no gate. */
  readonly gate: string | undefined;
  /** Such as `claim`, `wait`, `take-over`, `done`. */
  readonly type: string;
  readonly step: string;
  readonly key: string;
  readonly replica: string;
  readonly fence?: number;
  readonly attempt?: number;
  readonly text?: string;
}

/** The name that the user gave: many steps in a loop must not become many names of spans or values of labels. */
export const givenName = (step: string): string => step.replace(/ #\d+$/, '');
