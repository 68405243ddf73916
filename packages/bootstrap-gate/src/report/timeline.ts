/**
 * Floor `report`: tables and pictures from the plain data of a report. Not here: values of the gate; the report may come from
 * another process.
 *
 * A report made ready to be shown: times from the begin of the flight on, texts without control codes.
 */
import type { GateReport, Outcome, StepReport } from '../kit/report-types.js';
import { checkReport } from './check.js';
import { plain } from './text.js';

/** In ms since the flight began. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface TimedWait {
  readonly name: string;
  readonly kind: string;
  readonly since: number;
  readonly text: string | undefined;
}

export interface TimedStep extends Span {
  readonly name: string;
  /** The step that started it. */
  readonly parent: string | undefined;
  readonly state: Outcome;
  readonly attempts: number;
  readonly needs: readonly string[];
  /** How much of it was waiting. */
  readonly waitingMs: number;
  /** What it waits for now; `since` in ms since the flight began. */
  readonly waitsFor: readonly TimedWait[];
  /** Such as `40 % (3 of 8)`. */
  readonly progress: string | undefined;
  readonly error: string | undefined;
  readonly at: string;
}

export interface TimedAttempt extends Span {
  readonly number: number;
  readonly state: Outcome;
  readonly error: string | undefined;
  readonly steps: readonly TimedStep[];
}

export interface Timeline {
  readonly gate: string;
  readonly state: string;
  /** In epoch ms. */
  readonly startedAt: number;
  /** The length of the flight, so far if it is running. */
  readonly durationMs: number;
  /** None before the first flight, and in first-request mode. */
  readonly attempts: readonly TimedAttempt[];
}

/** @throws a TypeError that names the caller where this is no report */
export function readTimeline(caller: string, report: GateReport): Timeline {
  checkReport(caller, report);
  const { attempts } = report;
  const startedAt = attempts.length > 0 ? Math.min(...attempts.map((attempt) => time(attempt.startedAt))) : 0;
  const timed = attempts.map((attempt) => ({
    ...spanOf(attempt, startedAt),
    number: attempt.attempt,
    state: attempt.outcome,
    error: textOf(attempt.error),
    steps: attempt.steps.map((step) => timedStep(step, startedAt)),
  }));
  return {
    gate: plain(report.gate),
    state: plain(report.state),
    startedAt,
    // A step that ignores its signal may outlive its attempt.
    durationMs: Math.max(0, ...timed.flatMap((attempt) => [attempt.to, ...attempt.steps.map(({ to }) => to)])),
    attempts: timed,
  };
}

/** How much time lies in at least one of the spans. */
export function covered(spans: readonly Span[]): number {
  let until = 0;
  let sum = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

/** One step; `startedAt` is when its flight began. */
export function timedStep(step: StepReport, startedAt: number): TimedStep {
  const { name, parent = null, state, attempts = 1, needs, waitsFor, progress, error, at } = step; // older reports lack some
  const span = spanOf(step, startedAt);
  return {
    ...span,
    name: plain(name),
    parent: textOf(parent),
    state,
    attempts: time(attempts),
    needs: needs.map(plain),
    waitingMs: within(time(step.waitingMs), 0, span.to - span.from),
    waitsFor: waitsFor.map((wait) => ({
      kind: plain(wait.kind),
      name: plain(wait.name),
      since: within(time(wait.since) - startedAt, span.from, span.to),
      text: textOf(wait.text ?? null),
    })),
    progress: progress
      ? `${Math.round(progress.fraction * 100)} %${progress.text === null ? '' : ` (${plain(progress.text)})`}`
      : undefined,
    error: textOf(error),
    at: plain(at),
  };
}

function spanOf(times: { readonly startedAt: number; readonly durationMs: number }, startedAt: number): Span {
  const from = Math.max(0, time(times.startedAt) - startedAt);
  return { from, to: from + Math.max(0, time(times.durationMs)) };
}

const textOf = (error: string | null): string | undefined => (error === null ? undefined : plain(error));

/** A number that a date can be made of, also where a report came from elsewhere. */
export const time = (value: number): number => (Number.isFinite(value) ? within(value, -8.64e15, 8.64e15) : 0);

const within = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
