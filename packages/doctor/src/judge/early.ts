/** EARLY-WRONG and HEALTH-LIES: what the first visitors get, and what the health path says meanwhile. */
import type { EarlyAnswer, Finding, Sound } from '../finding.js';
import type { AloneRun, HerdRun } from '../observations.js';
import { isOk, type Answer } from '../probe/answer.js';
import { seconds, tally } from '../text.js';
import { compare, type Comparison } from './compare.js';

export interface Early {
  readonly findings: readonly Finding[];
  readonly sound: readonly Sound[];
  readonly notExamined: readonly string[];
  readonly answers: readonly EarlyAnswer[];
  /** At least one path could be compared. */
  readonly examined: boolean;
  /** When the last wrong answer was asked for, and the first right one after it. */
  readonly rightSince: readonly [number, number] | undefined;
}

interface Compared {
  readonly path: string;
  readonly early: readonly Answer[];
  readonly comparison: Comparison;
}

/** A process may say that it is alive while it is not ready: that is what these are for. */
const LIVENESS = /(?:^|\/)(?:live|livez|liveness|alive|ping)$/;

export function judgeEarly(alone: AloneRun, herd: HerdRun, askedFor: readonly string[]): Early {
  const paths = alone.paths.map((path) => comparePath(path, alone, herd));
  const wrong = paths.filter((one): one is Wrong => one.comparison.kind === 'wrong');
  const right = paths.filter(({ comparison }) => comparison.kind === 'right');
  const allWrong = wrong.flatMap(({ comparison }) => comparison.wrong);
  const wrongUntil = Math.max(...allWrong.map(({ at }) => at));
  const firstRight = herd.early
    .filter((answer) => answer.at > wrongUntil && !allWrong.includes(answer) && alone.paths.includes(answer.path))
    .map(({ at }) => at);
  const rightSince = [wrongUntil, firstRight.length > 0 ? Math.min(...firstRight) : wrongUntil] as const;
  const lies = alone.health.flatMap((path) => lie(path, herd, allWrong, askedFor));
  const asked = right.reduce((sum, { early }) => sum + early.length, 0);
  return {
    findings: [...(wrong.length > 0 ? [early(wrong, rightSince[1] - openedAt(herd))] : []), ...lies],
    sound: [
      ...(right.length > 0 && wrong.length === 0
        ? [{ title: `${asked} early requests to ${list(right)} were answered like late ones` }]
        : []),
      ...(wrong.length === 0 && alone.health.length > 0
        ? [{ title: `${alone.health.join(', ')} told the truth` }]
        : []),
    ],
    notExamined: paths.flatMap(({ path, comparison }) =>
      comparison.kind === 'unknown' ? [`GET ${path}: ${comparison.why}`] : [],
    ),
    answers: herd.early.map((answer) => toPicture(answer, herd, alone, allWrong)),
    examined: paths.some(({ comparison }) => comparison.kind !== 'unknown'),
    rightSince: wrong.length > 0 ? rightSince : undefined,
  };
}

type Wrong = Compared & { readonly comparison: Extract<Comparison, { kind: 'wrong' }> };

function comparePath(path: string, alone: AloneRun, herd: HerdRun): Compared {
  const of = (answers: readonly Answer[]) => answers.filter((answer) => answer.path === path);
  const early = of(herd.early);
  return { path, early, comparison: compare(early, of(herd.late), of([...alone.warm, ...alone.afterBurst])) };
}

function early(wrong: readonly Wrong[], forMs: number): Finding {
  const notReady = wrong.every(({ comparison }) => comparison.notReady);
  return {
    code: 'EARLY-WRONG',
    level: notReady ? 'warning' : 'error',
    title: notReady
      ? `For ${seconds(forMs)} visitors are turned away: the application says that it is not ready.`
      : `For ${seconds(forMs)} visitors get wrong answers.`,
    details: wrong.map(({ path, early: all, comparison }) => describe(path, all, comparison)),
    places: [],
  };
}

function describe(path: string, all: readonly Answer[], { wrong, late }: Wrong['comparison']): string {
  const otherBody = wrong.every(({ status }) => status === late.status);
  const got = otherBody ? `${late.status} with another body than later` : `${tally(wrong)} instead of ${late.status}`;
  const sample = wrong.find((answer) => answer.sample !== '')?.sample.slice(0, 50);
  return `GET ${path}  ${wrong.length} of ${all.length} early requests: ${got}${sample ? `, such as ${JSON.stringify(sample)}` : ''}`;
}

function lie(path: string, herd: HerdRun, wrong: readonly Answer[], askedFor: readonly string[]): Finding[] {
  if (LIVENESS.test(path) && !askedFor.includes(path)) return [];
  const claims = herd.early.filter((answer) => answer.path === path && isOk(answer));
  // Answered before it asked: a client that trusted the answer would have sent this very request.
  const lies = claims.filter((claim) => wrong.some(({ at }) => at > claim.at + claim.tookMs));
  if (lies.length === 0) return [];
  const title = `GET ${path} said ${lies[0]?.status} ${times(lies.length)} meanwhile.`;
  return [{ code: 'HEALTH-LIES', level: 'error', title, details: [], places: [] }];
}

function toPicture(answer: Answer, herd: HerdRun, alone: AloneRun, wrong: readonly Answer[]): EarlyAnswer {
  return {
    path: answer.path,
    // As in the first start, whose times the timeline shows: counted from the open port.
    sentMs: answer.at - openedAt(herd) + (openedAt(alone) - alone.startedAt),
    tookMs: answer.tookMs,
    answer: answer.status,
    right: !wrong.includes(answer),
    health: alone.health.includes(answer.path),
  };
}

function openedAt({ door, startedAt }: AloneRun | HerdRun): number {
  return door?.openedAt ?? startedAt;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function list(compared: readonly Compared[]): string {
  return compared.map(({ path }) => path).join(', ');
}
