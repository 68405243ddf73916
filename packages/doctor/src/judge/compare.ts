/** Compares the early answers of one path with its late ones. */
import { TIMEOUT, type Answer } from '../probe/answer.js';

export type Comparison =
  /** `notReady`: the application itself says "not yet" (503 with Retry-After, or a body that says so). */
  | { readonly kind: 'wrong'; readonly wrong: readonly Answer[]; readonly notReady: boolean; readonly late: Answer }
  | { readonly kind: 'right'; readonly late: Answer }
  /** Nothing can be said: a rate limiter, or no late answer below 400. */
  | { readonly kind: 'unknown'; readonly why: string };

const MOST_VARIANTS = 3;
const CUT_SHARE = 0.8;
const SAYS_NOT_READY =
  /"?(?:status|state|message|error)"?\s*[:=]\s*"?(?:starting|booting|initiali[sz]ing|loading|warming|not[ _-]?ready)/i;

/** `alone`: answers of the undisturbed start, which must agree with the late ones for a body to count. */
export function compare(early: readonly Answer[], late: readonly Answer[], alone: readonly Answer[]): Comparison {
  if ([...early, ...late].some(({ status }) => status === 429))
    return { kind: 'unknown', why: 'it limits the rate (429)' };
  const last = late.at(-1);
  if (!last || late.some(({ status }) => status === TIMEOUT)) {
    return { kind: 'unknown', why: 'it gave no late answer in time' };
  }

  const byStatus = early.filter((answer) => !late.some((one) => sameHead(answer, one)));
  const wrong = byStatus.length > 0 ? byStatus : wrongBodies(early, late, alone);
  if (wrong.length > 0) {
    const notReady = wrong.every(
      (answer) => (answer.status === 503 && answer.asksToRetry) || SAYS_NOT_READY.test(answer.sample),
    );
    return { kind: 'wrong', wrong, notReady, late: last };
  }
  if (late.every(({ status }) => typeof status !== 'number' || status >= 400)) {
    return { kind: 'unknown', why: `it answers ${last.status}, early and late` };
  }
  return { kind: 'right', late: last };
}

function sameHead(a: Answer, b: Answer): boolean {
  return a.status === b.status && a.location === b.location && a.type === b.type;
}

/**
 * Bodies count only where the late ones agree: first exactly, else without figures and tokens; not at all where they
 * differ among themselves (a list that grows). And they count only as a clean cut in time: wrong, wrong, right, right.
 * Variants of an experiment come in any order.
 */
function wrongBodies(early: readonly Answer[], late: readonly Answer[], alone: readonly Answer[]): readonly Answer[] {
  const known = [...late, ...alone.filter((answer) => late.some((one) => sameHead(answer, one)))];
  const by = (['exact', 'shape'] as const).find((print) => isSettled(known, late, print));
  if (by === undefined) return [];
  const right = new Set(known.map((answer) => answer[by]));
  const wrong = early.filter((answer) => !right.has(answer[by]));
  const lastWrong = Math.max(...wrong.map(({ at }) => at));
  const until = early.filter(({ at }) => at <= lastWrong);
  return wrong.length / until.length >= CUT_SHARE ? wrong : [];
}

/** One variant; or a few that come in turns. Variants that follow one another are a content that moves on. */
function isSettled(known: readonly Answer[], late: readonly Answer[], print: 'exact' | 'shape'): boolean {
  const count = new Set(known.map((answer) => answer[print])).size;
  if (count === 1) return true;
  const prints = [...late].sort((a, b) => a.at - b.at).map((answer) => answer[print]);
  const changes = prints.filter((one, at) => at > 0 && one !== prints[at - 1]).length;
  return count <= MOST_VARIANTS && changes >= new Set(prints).size;
}
