/** What a waiting person is told of a gate, as data; the page and its polls show the same. */
import type { AttemptReport, Outcome, ProgressReport, StallReport, StepReport } from '../../kit/report-types.js';
import type { GateError } from '../../kit/errors.js';
import type { GateCore } from '../../gate/gate-core.js';
import { messageOf } from '../../kit/errors.js';

export interface PageView {
  readonly state: 'starting' | 'failed';
  readonly text: string;
  /** How far the bootstrap says it is, or else how far it should be by earlier boots, 99 at most; null where neither tells. */
  readonly percent: number | null;
  /** How long the bootstrap has been running; null where none is. */
  readonly seconds: number | null;
  /** Causes, steps and progress texts; nothing without `expose`. */
  readonly details: readonly Detail[];
}

interface Detail {
  readonly state: Outcome;
  readonly text: string;
}

const texts = {
  starting: 'The application is not ready yet. It opens here as soon as it is.',
  failed: 'The application could not start. It is tried again, and opens here when that succeeds.',
};

export function pageView(core: GateCore, expose: boolean): PageView {
  const decision = core.passage(false, undefined);
  const failure = decision.kind === 'deny' ? decision.error : undefined;
  const state = failure ? 'failed' : 'starting';
  const { attempts, stall } = core.report();
  const [first, last] = core.state === 'booting' ? [attempts[0], attempts.at(-1)] : [];
  return {
    state,
    text: texts[state],
    percent: last ? percentDone(last, core.timing) : null,
    seconds: first ? Math.floor((core.clock.now() - first.startedAt) / 1000) : null,
    details: expose ? [...detailsOf(attempts.at(-1), failure), ...stallDetails(last && stall)] : [],
  };
}

function percentDone({ progress }: AttemptReport, timing: GateCore['timing']): number | null {
  if (progress) return Math.min(99, percentOf(progress));
  if (!timing || timing.durationMs === 0) return null;
  return Math.min(99, percentOf({ fraction: 1 - timing.remainingMs / timing.durationMs }));
}

function detailsOf(attempt: AttemptReport | undefined, failure: GateError | undefined): Detail[] {
  const steps = (attempt?.steps ?? []).map(stepDetail);
  if (failure) return [{ state: 'failed', text: messageOf(failure) }, ...steps];
  const text = attempt?.error ?? attempt?.progress?.text;
  return attempt && text ? [{ state: attempt.outcome, text }, ...steps] : steps;
}

/** What the process awaits, holds and has open, as in the warning. */
const stallDetails = (stall: StallReport | undefined): Detail[] =>
  stall?.process ? [{ state: 'running', text: stall.process.text }] : [];

function stepDetail({ name, state, durationMs, progress, error }: StepReport): Detail {
  const done = state === 'done' ? ` in ${durationOf(durationMs)}` : '';
  const far = state === 'running' && progress ? `, ${percentOf(progress)} %` : '';
  const why = error ?? (state === 'running' ? progress?.text : undefined);
  return { state, text: `${name}: ${state}${done}${far}${why ? ` (${why})` : ''}` };
}

const percentOf = ({ fraction }: Pick<ProgressReport, 'fraction'>): number => Math.round(fraction * 100);

const durationOf = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);
