/** The public types of `gate.report()`: plain data, safe to serialise at any moment. */
import type { BlockedLoop, Stall, Verdict } from '@bootstrap-gate/deadlock';

/** What a gate is doing. Requests pass in `ready` and `draining`. */
export type GateState = 'idle' | 'booting' | 'ready' | 'failed' | 'draining' | 'closed';

export interface ProgressReport {
  readonly fraction: number;
  readonly text: string | null;
}

export interface WaitReport {
  readonly kind: string;
  readonly name: string;
  readonly since: number;
  readonly at: string;
  /** What else is known, of a wait for something outside this process: such as `attempt 2, 41 %: web-1 died`. */
  readonly text?: string;
}

export type Outcome = 'running' | 'done' | 'failed' | 'aborted';

export interface StepReport {
  /** A name that is used twice is numbered: `load`, `load #2`. */
  readonly name: string;
  /** The step whose function started this one. */
  readonly parent: string | null;
  readonly state: Outcome;
  /** How many times its function was called: more than once only with `retry`. */
  readonly attempts: number;
  readonly startedAt: number;
  readonly durationMs: number;
  /** How much of the duration it waited for another gate or for a step of its own. */
  readonly waitingMs: number;
  readonly workingMs: number;
  readonly waitsFor: readonly WaitReport[];
  readonly needs: readonly string[];
  /** Where in the code it was started. */
  readonly at: string;
  readonly progress: ProgressReport | null;
  readonly error: string | null;
}

/** The call of one `stop`, while it runs and afterwards. */
export interface StopReport {
  /** The step that it undoes; null where it is the bootstrap's own. */
  readonly step: string | null;
  readonly state: Outcome;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly waitsFor: readonly WaitReport[];
  readonly error: string | null;
}

export interface AttemptReport {
  readonly attempt: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly progress: ProgressReport | null;
  readonly error: string | null;
  readonly steps: readonly StepReport[];
  /** The stops that were called, in order. One that is due and not in here has not been called yet. */
  readonly stops: readonly StopReport[];
}

/** A step that takes, or took, at least twice as long as in earlier boots, and 100 ms longer. */
export interface SlowStepReport {
  readonly name: string;
  readonly durationMs: number;
  /** The median of the earlier boots. */
  readonly usualMs: number;
}

/** How long a flight takes by earlier boots, and what is left of the running one; in ms. */
export interface Timing {
  readonly durationMs: number;
  readonly remainingMs: number;
}

/** What earlier boots say of the running or last flight. */
export interface EstimateReport {
  /** How many boots it stands on: those before this one. */
  readonly boots: number;
  /** How long a flight takes: the median of those boots. */
  readonly durationMs: number;
  /** What is left of that; 0 when the flight is over, and when it takes longer than usual. */
  readonly remainingMs: number;
  readonly slower: readonly SlowStepReport[];
}

/** What was found out when a flight, or the rollback after it, stalled. */
export interface StallReport {
  readonly at: number;
  /** What was pending, a sentence each, as in the warning. */
  readonly pending: readonly string[];
  /** What the process awaited, held and had open; null until it is known, and where it cannot be found out. */
  readonly process: Stall | null;
}

/** A time during which the event loop was blocked. */
export interface BlockedReport extends BlockedLoop {
  /** What was pending in the middle of it, such as `step "load" of gate "shop"`. */
  readonly during: readonly string[];
}

/** Plain data, safe to serialise at any moment. Times are epoch ms, durations ms, errors messages. */
export interface GateReport {
  readonly gate: string;
  readonly state: GateState;
  /** The attempts of the running or last flight: the first ten and the last ten. */
  readonly attempts: readonly AttemptReport[];
  /** How many attempts between those are left out; absent where none is. */
  readonly attemptsOmitted?: number;
  /** Of the running or last flight, and of the rollback after it; absent where it has not stalled. */
  readonly stall?: StallReport;
  /** When the event loop was blocked during the running or last flight; absent where it was not. */
  readonly blocked?: readonly BlockedReport[];
  /** Requests that were held, exempt or pilots and went on to the application. The ready gate counts nothing. */
  readonly admitted: number;
  readonly denied: number;
  /** Requests held right now. */
  readonly held: number;
  /** The latest verdicts, a hundred at most. */
  readonly verdicts: readonly Verdict[];
  /** Only with the option `history`; null while nothing is known of earlier boots. */
  readonly estimate?: EstimateReport | null;
}
