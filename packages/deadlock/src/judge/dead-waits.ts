/** Finds the waits that nothing alive can end, and what each of them keeps from ending. */
import { findQuestion, type Question, type QuestionNodes, snapshotWith } from './question.js';
import type { HeapSnapshot } from './heap-snapshot.js';
import { Marking, ROOT } from './marking.js';
import { type Guard, guardsOfPromises } from './settlers.js';
import { codePlaceOf } from './code-place.js';

/** A dead wait; numbers are indexes of the question. */
interface DeadWait {
  readonly wait: number;
  /** The tokens that its end would bring back to life, and where the code stands that has each, as far as that is known. */
  readonly holdsUp: ReadonlyMap<number, string | undefined>;
  /** Where the suspended function stands that awaits it. */
  readonly awaitedAt: string | undefined;
}

export interface Finding {
  readonly dead: readonly DeadWait[];
  /** Waits that are alive only because a token that is lost can be replaced. */
  readonly lost: readonly number[];
  /** Whether anything alive reaches each of the watched objects. */
  readonly reached: readonly boolean[];
}

/** How many dead waits are looked into; there may be thousands in the queue of one lock. */
const MOST = 200;

/**
 * Takes a heap snapshot, which stops the process meanwhile: about 0.2 s at a small heap, 1 s at 24 MB.
 *
 * @returns undefined where the runtime gives no snapshot that is understood
 */
export function findDeadWaits(ask: () => Question): { finding: Finding; question: Question } | undefined {
  const { heap, question } = snapshotWith(ask);
  const nodes = heap && findQuestion(heap, question);
  return nodes && { finding: judge(heap, question, nodes), question };
}

function judge(heap: HeapSnapshot, question: Question, nodes: QuestionNodes): Finding {
  const guards = guardsOfPromises(heap);
  const own = question.waits.map(({ tokens, needs, isPromise }): Guard => {
    return { needs: tokens.map((token) => nodes.tokens[token]!), all: needs === 'all', whole: !isPromise };
  });
  own.forEach((guard, wait) => guards.set(nodes.subjects[wait]!, guard));
  const ignored = new Set(nodes.ignored);
  const rules = { guards, ignored, sealed: new Set(nodes.subjects) };
  // Whatever brings the end of a wait settles it by way of the bookkeeping, which is ignored: each counts as reached.
  const alive = new Marking(heap, { guards, ignored }).from([ROOT, ...nodes.subjects]);
  const reached = nodes.watched.map((node) => alive.has(node));
  const deadNow = (): number[] => own.flatMap((guard, wait) => (alive.opens(guard) ? [] : [wait]));
  const freedBy = (wait: number): Marking => new Marking(heap, rules, alive).asIfOpened(nodes.subjects[wait]!);

  const suspects = deadNow();
  const replaced = lostTokens(question, nodes, alive, () => suspects.slice(0, MOST).map(freedBy));
  alive.from(replaced);
  const dead = deadNow();
  return {
    dead: dead.slice(0, MOST).map((wait) => {
      const freed = freedBy(wait);
      const holdsUp = new Map<number, string | undefined>();
      nodes.tokens.forEach((token, index) => {
        if (freed.has(token) && !alive.has(token)) holdsUp.set(index, codePlaceOf(heap, freed.wayTo(token)));
      });
      return { wait, holdsUp, awaitedAt: codePlaceOf(heap, freed.inOrder()) };
    }),
    lost: suspects.filter((wait) => !dead.includes(wait)),
    reached,
  };
}

/** Replaceable tokens that nothing has, not even something that one of the dead waits holds up. */
function lostTokens(
  question: Question,
  nodes: QuestionNodes,
  alive: Marking,
  freedBySuspects: () => Marking[],
): number[] {
  const tokens = question.replaceable.map((index) => nodes.tokens[index]!).filter((token) => !alive.has(token));
  if (tokens.length === 0) return tokens;
  const freed = freedBySuspects();
  return tokens.filter((token) => !freed.some((marking) => marking.has(token)));
}
