/** Looks whether waits of the process can still end, and says what keeps those that cannot. */
import type { AnyWait } from '../wait.js';
import { processWide } from '../process-wide.js';
import type { Token } from '../token.js';
import { findDeadWaits, type Finding } from './dead-waits.js';
import type { Question } from './question.js';

/** A wait that nothing alive can end. */
export interface Dead {
  readonly wait: AnyWait;
  /** Where the code stands that awaits it, should its own place be unknown. */
  readonly awaitedAt: string | undefined;
  /** What its end would bring back, and where the code stands that has each. */
  readonly holdsUp: ReadonlyMap<Token, string | undefined>;
}

export interface Look {
  readonly dead: readonly Dead[];
  /** Those that are alive only because somebody might end them without what was lost. */
  readonly lost: ReadonlySet<AnyWait>;
  /** Whether anything alive reaches an object that was watched. */
  isReached(object: object): boolean;
}

/**
 * @param watch gives the objects to watch; not as a value, which the stack would keep alive
 * @returns undefined where there is nothing to judge, or the runtime does not let us
 */
export function look(watch: () => readonly object[] = () => []): Look | undefined {
  const waits = [...processWide.pending].filter(canBeJudged);
  if (waits.length === 0) return undefined;
  const found = findDeadWaits(() => questionOf(waits, watch()));
  return found && understood(found.finding, waits, found.question);
}

function questionOf(waits: readonly AnyWait[], watched: readonly object[]): Question {
  const tokens = [...new Set(waits.flatMap(({ on }) => on.until.tokens))];
  const numbers = new Map(tokens.map((token, index) => [token, index]));
  nameAllPlaces(waits, tokens);
  return {
    waits: waits.map((wait) => ({
      subject: wait.subject ?? wait.promise,
      isPromise: wait.subject === undefined,
      tokens: wait.on.until.tokens.map((token) => numbers.get(token)!),
      needs: wait.on.until.needs,
    })),
    tokens,
    replaceable: tokens.flatMap((token, index) => (token.isReplaceable && !token.verdict ? [index] : [])),
    ignored: [
      processWide.pending,
      processWide.locks,
      ...waits, // not those that are not judged: a limit or a signal that has one may still end it
      ...new Set(waits.map(({ on }) => on.until)),
    ],
    watched,
  };
}

const canBeJudged = (wait: AnyWait): boolean =>
  !wait.isLimited && !wait.on.until.isOpen && wait.on.until.tokens.length > 0;

/** A place that was not named yet keeps the functions of its stack alive, and what these know. */
function nameAllPlaces(waits: readonly AnyWait[], tokens: readonly Token[]): void {
  for (const wait of waits) void wait.at;
  for (const token of tokens) token.at?.();
}

const understood = (
  { dead, lost, reached }: Finding,
  waits: readonly AnyWait[],
  { tokens, watched }: Question,
): Look => ({
  dead: dead.map(({ wait, awaitedAt, holdsUp }) => ({
    wait: waits[wait]!,
    awaitedAt,
    holdsUp: new Map([...holdsUp].map(([token, at]) => [tokens[token]!, at])),
  })),
  lost: new Set(lost.map((wait) => waits[wait]!)),
  isReached: (object) => reached[watched.indexOf(object)] ?? true,
});
