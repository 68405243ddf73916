/**
 * Floor `observe`: what is remembered, reported, published and warned of: records, reports, stalls, history, verdicts. Not here:
 * anything that changes a gate's state.
 *
 * What is remembered of flights, attempts and steps while they run and afterwards; the report is made from it.
 */
import type { Owner } from '@bootstrap-gate/deadlock/adapter';
import { failureOf } from '../kit/errors.js';
import type { Outcome, ProgressReport } from '../kit/report-types.js';
import type { ExternalWait } from '../kit/types.js';

export interface WorkRecord {
  readonly startedAt: number;
  endedAt: number | undefined;
  outcome: Outcome;
  progress: ProgressReport | null;
  error: string | null;
  errorType: string | null;
  /** What it failed with, by which the step that failed is found. */
  thrown?: unknown;
}

export interface StepRecord extends WorkRecord {
  readonly name: string;
  /** The step whose function started it. */
  readonly parent: string | null;
  /** How many times its function was called. */
  attempts: number;
  readonly at: string;
  readonly needs: readonly string[];
  readonly owner: Owner;
  /** What its function said that it waits for, outside this process. */
  waitsOutside: ExternalWait | null;
}

/** The call of one `stop`. */
export interface StopRecord extends WorkRecord {
  /** Null where it is the bootstrap's own. */
  readonly step: string | null;
  readonly owner: Owner;
}

export interface AttemptRecord extends WorkRecord {
  readonly attempt: number;
  readonly steps: StepRecord[];
  /** Those that were called, in order. */
  readonly stops: StopRecord[];
}

export interface FlightRecord {
  readonly startedAt: number;
  /** What has to finish before the gate can open: the bootstrap, and later the rollback. */
  readonly owner: Owner;
  readonly attempts: readonly AttemptRecord[];
}

export const newRecord = (now: number): WorkRecord => ({
  startedAt: now,
  endedAt: undefined,
  outcome: 'running',
  progress: null,
  error: null,
  errorType: null,
});

/** The first end counts: what comes after an abort does not change the record. */
export function endRecord(
  record: WorkRecord,
  now: number,
  outcome: Exclude<Outcome, 'running'>,
  ...error: [] | [unknown]
): void {
  if (record.endedAt !== undefined) return;
  record.endedAt = now;
  record.outcome = outcome;
  if (error.length) Object.assign(record, failureOf(error[0]), { thrown: error[0] });
}

/** Records progress; a rounding error beyond 0 or 1 is cut off. */
export function noteProgress(record: WorkRecord, fraction: number, text: string | undefined): void {
  if (typeof fraction !== 'number' || Number.isNaN(fraction)) {
    throw new TypeError(`progress: the fraction must be a number from 0 to 1, not ${String(fraction)}`);
  }
  record.progress = { fraction: Math.min(1, Math.max(0, fraction)), text: text === undefined ? null : String(text) };
}
