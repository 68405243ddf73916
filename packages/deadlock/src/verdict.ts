/** What is said about a deadlock: as data, and as a picture. */

/** One link of a verdict's cycle: who waits for what, since when (epoch ms), and where in the code the wait began. */
export interface VerdictLink {
  /** Such as `step "load" of gate "shop"` or `holder of mutex "import"`. */
  readonly owner: string;
  readonly waitsFor: string;
  readonly since: number;
  readonly at: string;
  /** Where the owner took what it holds, when that was a mutex. */
  readonly heldAt?: string;
}

/** A statement that something cannot finish: how sure it is, the cycle of waits, and what to do about it. */
export interface Verdict {
  /**
   * `certain`: the waits close a cycle. `proven`: nothing in the process can end the wait any more. `potential`: locks
   * are taken in an order that can deadlock, although it did not.
   */
  readonly certainty: 'potential' | 'certain' | 'proven';
  /** Each link waits for something that the next one holds; the last one closes the cycle. A proven one may be open. */
  readonly cycle: readonly VerdictLink[];
  readonly advice: string;
}

/** A verdict as text: who waits for what, held by whom, where each wait began, and what to do. In the manner of jstack
 * and of Spring's circle of beans. */
export function describe({ cycle, certainty, advice }: Verdict): string {
  const isClosed = certainty !== 'proven';
  const last = cycle.length - 1;
  const lines = cycle.flatMap(({ owner, waitsFor, since, at, heldAt }, index) => [
    `${isClosed ? (index === 0 ? '┌→' : '├→') : '  '} ${owner}${heldAt ? ` (taken at ${heldAt})` : ''}`,
    `${isClosed ? '│ ' : '  '}   waits for ${waitsFor} since ${timeOfDay(since)} (${at})`,
    ...(isClosed && index === last ? ['└─ which depends on the first'] : []),
  ]);
  return [...lines, advice].join('\n');
}

const timeOfDay = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(11, 23)}Z`;
