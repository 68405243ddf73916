/** What has happened between two reports of a gate. It looks at the reports alone, so nothing is told twice or missed. */
import type { AttemptReport, GateReport, StepReport } from '../kit/report-types.js';
import { marks, stepText, waitsText } from './sentences.js';
import { duration, plain } from './text.js';
import { timedStep } from './timeline.js';

export interface News {
  /** What has begun, or still runs, need not be told where the running steps are shown anyway. */
  readonly kind: 'begin' | 'still' | 'end';
  readonly text: string;
}

/** A step that runs is told again after this time, and whenever that has doubled. */
const STILL_AFTER_MS = 10_000;

/** @param before undefined where nothing was told yet */
export function newsBetween(before: GateReport | undefined, after: GateReport): News[] {
  const known = numbered(before && isSameFlight(before, after) ? before.attempts : []);
  return after.attempts.flatMap((attempt, index) => {
    const isLast = index === after.attempts.length - 1 && after.state !== 'booting';
    return attemptNews(known.get(attempt.attempt), attempt, isLast);
  });
}

/** How the last attempt ended is told with the state of the gate. */
function attemptNews(before: AttemptReport | undefined, after: AttemptReport, isLast: boolean): News[] {
  const { attempt, outcome, error, steps } = after;
  const news: News[] = [];
  if (!before && attempt > 1) news.push({ kind: 'begin', text: `▸ attempt ${attempt}` });
  news.push(...steps.flatMap((step, index) => stepNews(before?.steps[index], step, after.startedAt)));
  if (before && isInNoStep(before) && isInNoStep(after) && isDue(before, after)) {
    news.push({ kind: 'still', text: `… in no step, after ${duration(after.durationMs)}` });
  }
  if (outcome !== 'running' && outcome !== 'done' && before?.outcome !== outcome && !isLast) {
    const failed = `${marks[outcome]} attempt ${attempt} ${outcome} after ${duration(after.durationMs)}`;
    news.push({ kind: 'end', text: error === null ? failed : `${failed}: ${plain(error)}` });
  }
  return news;
}

function stepNews(before: StepReport | undefined, after: StepReport, startedAt: number): News[] {
  const news: News[] = [];
  if (!before) news.push({ kind: 'begin', text: `▸ ${plain(after.name)}` });
  if (after.state !== 'running') {
    if (before?.state !== after.state) news.push({ kind: 'end', text: stepText(timedStep(after, startedAt)) });
  } else if (isDue(before, after)) {
    const step = timedStep(after, startedAt);
    const text = `… ${step.name}, after ${duration(after.durationMs)}, ${waitsText(step)} (started at ${step.at})`;
    news.push({ kind: 'still', text });
  }
  return news;
}

/** What has ended does not begin again in one flight. Two flights may begin in the same millisecond. */
function isSameFlight(before: GateReport, after: GateReport): boolean {
  const later = numbered(after.attempts);
  const isOmitted = (attempt: number): boolean =>
    attempt > 1 && (after.attemptsOmitted ?? 0) > 0 && !later.has(attempt);
  return before.attempts.every(({ attempt, startedAt, outcome }) => {
    if (isOmitted(attempt)) return true;
    const same = later.get(attempt);
    return same?.startedAt === startedAt && (outcome === 'running' || outcome === same.outcome);
  });
}

/** By number: of a flight with many attempts a report leaves some out, and more of them as it continues. */
const numbered = (attempts: readonly AttemptReport[]): ReadonlyMap<number, AttemptReport> =>
  new Map(attempts.map((report) => [report.attempt, report]));

const isInNoStep = ({ outcome, steps }: AttemptReport): boolean =>
  outcome === 'running' && !steps.some(({ state }) => state === 'running');

interface Running {
  readonly durationMs: number;
}

function isDue(before: Running | undefined, after: Running): boolean {
  const doublings = ({ durationMs }: Running): number => Math.floor(Math.log2(durationMs / STILL_AFTER_MS));
  return doublings(after) >= Math.max(0, doublings(before ?? { durationMs: 0 }) + 1);
}
