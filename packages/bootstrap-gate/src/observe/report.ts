/** Plain data from what is remembered, at any moment. */
import { type Wait } from '@bootstrap-gate/deadlock/adapter';
import type { AttemptTrace, StepTrace, StopTrace, Trace } from './record.js';
import type { AttemptReport, StepReport, StopReport, WaitReport } from '../kit/report-types.js';

export function reportAttempt(trace: AttemptTrace, now: number): AttemptReport {
  return {
    attempt: trace.attempt,
    ...reportTrace(trace, now),
    steps: trace.steps.map((step) => reportStep(step, now)),
    stops: trace.stops.map((stop) => reportStop(stop, now)),
  };
}

function reportStep(trace: StepTrace, now: number): StepReport {
  const common = reportTrace(trace, now);
  const { name, parent, attempts, at, needs, owner } = trace;
  const waitingMs = Math.min(common.durationMs, owner.waitedMs(trace.endedAt ?? now));
  return {
    name,
    parent,
    state: common.outcome,
    attempts,
    startedAt: common.startedAt,
    durationMs: common.durationMs,
    waitingMs,
    workingMs: common.durationMs - waitingMs,
    waitsFor: [...owner.waits].map(reportWait),
    needs: [...needs],
    at,
    progress: common.progress,
    error: common.error,
  };
}

function reportStop(trace: StopTrace, now: number): StopReport {
  const { startedAt, durationMs, outcome: state, error } = reportTrace(trace, now);
  const { step, owner } = trace;
  return { step, state, startedAt, durationMs, waitsFor: [...owner.waits].map(reportWait), error };
}

function reportTrace({ startedAt, endedAt, outcome, progress, error }: Trace, now: number) {
  return { startedAt, durationMs: (endedAt ?? now) - startedAt, outcome, progress: progress && { ...progress }, error };
}

const reportWait = ({ on, since, at }: Wait): WaitReport => ({ kind: on.kind, name: on.name, since, at });
