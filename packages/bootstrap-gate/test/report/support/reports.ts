import type { AttemptReport, GateReport, StepReport } from '../../../src/index.js';

/** When the flights of these reports began. */
export const BEGIN = 1_700_000_000_000;

/** A step that ran from `from` to `to`, in ms since the flight began. */
export function step(name: string, from: number, to: number, more: Partial<StepReport> = {}): StepReport {
  const durationMs = to - from;
  const waitingMs = more.waitingMs ?? 0;
  return {
    name,
    parent: null,
    state: 'done',
    attempts: 1,
    startedAt: BEGIN + from,
    durationMs,
    waitingMs,
    workingMs: durationMs - waitingMs,
    waitsFor: [],
    needs: [],
    at: 'boot (shop.js:1:1)',
    progress: null,
    error: null,
    ...more,
  };
}

export function attempt(
  from: number,
  to: number,
  steps: StepReport[],
  more: Partial<AttemptReport> = {},
): AttemptReport {
  return {
    attempt: 1,
    startedAt: BEGIN + from,
    durationMs: to - from,
    outcome: 'done',
    progress: null,
    error: null,
    steps,
    stops: [],
    ...more,
  };
}

export function reportOf(attempts: AttemptReport[], more: Partial<GateReport> = {}): GateReport {
  return { gate: 'shop', state: 'ready', attempts, admitted: 0, denied: 0, held: 0, verdicts: [], ...more };
}
