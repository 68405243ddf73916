import type { GateReport } from '../kit/report-types.js';
import { ownOptions } from './check.js';
import { herdCurve, type PictureOptions } from './herd-curve.js';
import { readTimeline, type Span, type TimedStep } from './timeline.js';

/** The viewer shows processes with threads: the gate is the one, and has a thread for its attempts. */
const PID = 1;
const ATTEMPTS = 0;

/**
 * The flight in the Trace Event Format, as JSON, for Perfetto (ui.perfetto.dev) and chrome://tracing. Steps that run at
 * the same time are shown as threads beside each other. Each step carries what the report knows of it.
 *
 * @throws a TypeError for what is no report, and for a wrong option
 */
export function toChromeTrace(report: GateReport, options: PictureOptions = {}): string {
  const own = ownOptions('toChromeTrace', options, ['herd']);
  const timeline = readTimeline('toChromeTrace', report);
  const { gate, attempts, startedAt } = timeline;
  const threads = new Threads();
  const events = [
    nameOf('process_name', ATTEMPTS, `gate "${gate}"`),
    nameOf('thread_name', ATTEMPTS, 'attempts'),
    ...attempts.flatMap((attempt) => [
      slice(`attempt ${attempt.number}`, ATTEMPTS, attempt, { state: attempt.state, error: attempt.error }),
      ...attempt.steps.map((step) => slice(step.name, threads.freeFor(step), step, detailsOf(step))),
    ]),
    ...threads.ids.map((tid) => nameOf('thread_name', tid, `steps ${tid}`)),
    ...herdCurve('toChromeTrace', own, timeline).map(({ at, waiting }) => {
      return { ph: 'C', name: 'waiting', pid: PID, ts: microseconds(at), args: { waiting } };
    }),
  ];
  const otherData = { startedAt: new Date(startedAt).toISOString() };
  return JSON.stringify({ displayTimeUnit: 'ms', otherData, traceEvents: events });
}

/** Slices of one thread must not overlap, so a step gets the first thread that is free when it begins. */
class Threads {
  readonly #busyUntil: number[] = [];

  freeFor({ from, to }: Span): number {
    const free = this.#busyUntil.findIndex((until) => until <= from);
    const index = free < 0 ? this.#busyUntil.length : free;
    this.#busyUntil[index] = to;
    return index + 1;
  }

  get ids(): number[] {
    return this.#busyUntil.map((_, index) => index + 1);
  }
}

function detailsOf({ state, from, to, waitingMs, waitsFor, needs, progress, error, at }: TimedStep): object {
  return { state, waitingMs, workingMs: to - from - waitingMs, waitsFor, needs, progress, error, at };
}

const slice = (name: string, tid: number, { from, to }: Span, args: object): object => {
  return { ph: 'X', name, cat: 'bootstrap', pid: PID, tid, ts: microseconds(from), dur: microseconds(to - from), args };
};

const nameOf = (kind: 'process_name' | 'thread_name', tid: number, name: string): object => {
  return { ph: 'M', name: kind, pid: PID, tid, args: { name } };
};

const microseconds = (ms: number): number => Math.round(ms * 1_000);
