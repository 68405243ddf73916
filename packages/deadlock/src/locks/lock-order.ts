/**
 * Learns in which order locks are taken, and finds orders that can deadlock before they ever do: A then B here, B then A
 * there, or a longer ring. One request after another is enough. The idea is that of the lockdep of the Linux kernel; that
 * a lock held around both orders makes them harmless is from Goodlock (Havelund 2000).
 *
 * Memory is bounded: 10,000 pairs are remembered, then the oldest is forgotten. A pair holds names and places, nothing of
 * the locks themselves.
 */
import { orderAdvice } from '../advice.js';
import type { Place } from '../call-site.js';
import { publish } from '../channel.js';
import { processWide } from '../process-wide.js';
import { describe, type Verdict } from '../verdict.js';
import { warn } from '../warnings.js';

const MOST_PAIRS = 10_000;
const MOST_RINGS = 1_000;
const MOST_WAYS = 10_000;

/** A lock as it is remembered. */
export interface KnownLock {
  readonly id: number;
  readonly label: string;
}

/** A lock that somebody holds, and where it was taken, if that is known. */
export interface HeldLock extends KnownLock {
  readonly at: Place | undefined;
}

/** `second` was taken while `first` was held. */
interface Pair {
  readonly first: KnownLock;
  readonly second: KnownLock;
  readonly firstAt: string | undefined;
  readonly secondAt: string;
  readonly since: number;
  /** Locks that were held as well, every time. */
  guards: readonly number[];
}

export interface LockOrder {
  locks: number;
  /** By the id of the first, then of the second. */
  readonly pairs: Map<number, Map<number, Pair>>;
  /** The same, the oldest first. */
  readonly byAge: Set<Pair>;
  /** Rings that have been told. */
  readonly told: Set<string>;
}

const order: LockOrder = (processWide.order ??= {
  locks: 0,
  pairs: new Map(),
  byAge: new Set(),
  told: new Set(),
});

export const newLockId = (): number => ++order.locks;

/** Notes that `lock` is about to be taken while the others are held. Warns of a ring that this completes, once. */
export function learnOrder(held: readonly HeldLock[], lock: KnownLock, at: Place): void {
  // Whoever has it already asks in another branch: what that branch holds is not known.
  if (held.some(({ id }) => id === lock.id)) return;
  for (const first of held) {
    const guards = held.filter(({ id }) => id !== first.id && id !== lock.id).map(({ id }) => id);
    const known = order.pairs.get(first.id)?.get(lock.id);
    if (known) {
      const stillHeld = known.guards.filter((id) => guards.includes(id));
      if (stillHeld.length === known.guards.length) continue;
      known.guards = stillHeld;
    }
    const pair = known ?? remember(newPair(first, lock, at, guards));
    const ring = ringThrough(pair);
    if (ring) tellOnce(ring);
  }
}

const newPair = (first: HeldLock, second: KnownLock, at: Place, guards: readonly number[]): Pair => ({
  first: { id: first.id, label: first.label },
  second: { id: second.id, label: second.label },
  firstAt: first.at?.(),
  secondAt: at(),
  since: Date.now(),
  guards,
});

function remember(pair: Pair): Pair {
  if (order.byAge.size === MOST_PAIRS) forgetOldest();
  const { first, second } = pair;
  let after = order.pairs.get(first.id);
  if (!after) order.pairs.set(first.id, (after = new Map()));
  after.set(second.id, pair);
  order.byAge.add(pair);
  return pair;
}

function forgetOldest(): void {
  const [oldest] = order.byAge;
  if (!oldest) return;
  order.byAge.delete(oldest);
  const after = order.pairs.get(oldest.first.id);
  after?.delete(oldest.second.id);
  if (after?.size === 0) order.pairs.delete(oldest.first.id);
}

/** Where the search for a ring stands. */
interface Way {
  readonly pair: Pair;
  /** The guards of all pairs so far. */
  readonly guards: readonly number[];
  readonly before: Way | undefined;
}

/** The shortest ring of orders that `pair` completes, as far as it is found within bounds: guards make many ways of few. */
function ringThrough(pair: Pair): Pair[] | undefined {
  const seen = new Set<string>();
  const queue: Way[] = [{ pair, guards: pair.guards, before: undefined }];
  for (const way of queue) {
    const end = way.pair.second.id;
    if (end === pair.first.id) return pairsOf(way);
    const key = `${end}:${way.guards.join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const next of order.pairs.get(end)?.values() ?? []) {
      if (queue.length === MOST_WAYS) return undefined;
      if (excludes(way, next)) continue;
      queue.push({ pair: next, guards: [...new Set([...way.guards, ...next.guards])].sort(ascending), before: way });
    }
  }
  return undefined;
}

/** Whether who takes `next` holds a lock that one of those before holds, so that the two never meet. */
function excludes(way: Way, { first, guards }: Pair): boolean {
  if (way.guards.includes(first.id)) return true;
  if (guards.length === 0) return false;
  const held = new Set([...way.guards, ...pairsOf(way).map((pair) => pair.first.id)]);
  return guards.some((id) => held.has(id));
}

const ascending = (a: number, b: number): number => a - b;

function pairsOf(end: Way): Pair[] {
  const pairs: Pair[] = [];
  for (let way: Way | undefined = end; way; way = way.before) pairs.unshift(way.pair);
  return pairs;
}

function tellOnce(ring: readonly Pair[]): void {
  const key = ring
    .map(({ first }) => first.id)
    .sort(ascending)
    .join();
  if (order.told.has(key)) return;
  if (order.told.size === MOST_RINGS) order.told.clear();
  order.told.add(key);
  const verdict: Verdict = {
    certainty: 'potential',
    cycle: ring.map(({ first, second, since, firstAt, secondAt }) => ({
      owner: `holder of ${first.label}`,
      waitsFor: second.label,
      since,
      at: secondAt,
      ...(firstAt !== undefined && { heldAt: firstAt }),
    })),
    advice: orderAdvice(ring.map(({ first }) => first.label)),
  };
  publish(verdict);
  warn('GATE_LOCK_ORDER', `Locks are taken in an order that can deadlock:\n${describe(verdict)}`);
}
