/** What is remembered of attempts and steps while they run and afterwards; the report is made from it. */
import type { Owner } from '@bootstrap-gate/deadlock/adapter';
import { failureOf } from '../kit/errors.js';
import type { Outcome, ProgressReport } from '../kit/report-types.js';

export interface Trace {
  readonly startedAt: number;
  endedAt: number | undefined;
  outcome: Outcome;
  progress: ProgressReport | null;
  error: string | null;
  errorType: string | null;
}

export interface StepTrace extends Trace {
  readonly name: string;
  /** The step whose function started it. */
  readonly parent: string | null;
  /** How many times its function was called. */
  attempts: number;
  readonly at: string;
  readonly needs: readonly string[];
  readonly owner: Owner;
}

/** The call of one `stop`. */
export interface StopTrace extends Trace {
  /** Null where it is the bootstrap's own. */
  readonly step: string | null;
  readonly owner: Owner;
}

export interface AttemptTrace extends Trace {
  readonly attempt: number;
  readonly steps: StepTrace[];
  /** Those that were called, in order. */
  readonly stops: StopTrace[];
}

export const newTrace = (now: number): Trace => ({
  startedAt: now,
  endedAt: undefined,
  outcome: 'running',
  progress: null,
  error: null,
  errorType: null,
});

/** The first end counts: what comes after an abort does not change the record. */
export function endTrace(
  trace: Trace,
  now: number,
  outcome: Exclude<Outcome, 'running'>,
  ...error: [] | [unknown]
): void {
  if (trace.endedAt !== undefined) return;
  trace.endedAt = now;
  trace.outcome = outcome;
  if (error.length) Object.assign(trace, failureOf(error[0]));
}

/** Records progress; a rounding error beyond 0 or 1 is cut off. */
export function noteProgress(trace: Trace, fraction: number, text: string | undefined): void {
  if (typeof fraction !== 'number' || Number.isNaN(fraction)) {
    throw new TypeError(`progress: the fraction must be a number from 0 to 1, not ${String(fraction)}`);
  }
  trace.progress = { fraction: Math.min(1, Math.max(0, fraction)), text: text === undefined ? null : String(text) };
}
