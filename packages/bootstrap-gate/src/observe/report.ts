/** Plain data from what is remembered, at any moment. */
import { type Wait } from '@bootstrap-gate/deadlock/adapter';
import type { AttemptRecord, StepRecord, StopRecord, WorkRecord } from './record.js';
import type { AttemptReport, StepReport, StopReport, WaitReport } from '../kit/report-types.js';

export function reportAttempt(record: AttemptRecord, now: number): AttemptReport {
  return {
    attempt: record.attempt,
    ...reportWork(record, now),
    steps: record.steps.map((step) => reportStep(step, now)),
    stops: record.stops.map((stop) => reportStop(stop, now)),
  };
}

function reportStep(record: StepRecord, now: number): StepReport {
  const common = reportWork(record, now);
  const { name, parent, attempts, at, needs, owner } = record;
  const waitingMs = Math.min(common.durationMs, owner.waitedMs(record.endedAt ?? now));
  return {
    name,
    parent,
    state: common.outcome,
    attempts,
    startedAt: common.startedAt,
    durationMs: common.durationMs,
    waitingMs,
    workingMs: common.durationMs - waitingMs,
    waitsFor: [...[...owner.waits].map(reportWait), ...reportOutside(record)],
    needs: [...needs],
    at,
    progress: common.progress,
    error: common.error,
  };
}

function reportStop(record: StopRecord, now: number): StopReport {
  const { startedAt, durationMs, outcome: state, error } = reportWork(record, now);
  const { step, owner } = record;
  return { step, state, startedAt, durationMs, waitsFor: [...owner.waits].map(reportWait), error };
}

function reportWork({ startedAt, endedAt, outcome, progress, error }: WorkRecord, now: number) {
  return { startedAt, durationMs: (endedAt ?? now) - startedAt, outcome, progress: progress && { ...progress }, error };
}

const reportWait = ({ on, since, at }: Wait): WaitReport => ({ kind: on.kind, name: on.name, since, at });

function reportOutside({ outcome, waitsOutside, at }: StepRecord): WaitReport[] {
  if (outcome !== 'running' || !waitsOutside) return [];
  const { kind, name, since, text } = waitsOutside;
  return [{ kind, name, since, at, ...(text !== undefined && { text }) }];
}
