/**
 * A pool as a resource of several places: who took each one where, and who waits where. A transaction's callback is an owner:
 * it holds its connection until it has ended, so what it waits for holds the connection up.
 */
import type { Place } from '../call-site.js';
import { currentScope, runIn, trackScopes } from '../context.js';
import { blockedWork } from '../explain/blocked.js';
import { now } from '../now.js';
import { ownersOf } from '../owner.js';
import { type Held, type PoolWait, Transaction } from './places.js';
import { tellExhausted, tellStalled } from './tell.js';
import { userPlace } from './user-place.js';

export interface PoolOptions {
  /** After how long all places are said to be taken while others wait and none is given back, in ms; default 10,000. */
  readonly stallAfterMs?: number;
  /** Up to which heap exhaustion is proven, in MB; default 32. */
  readonly maxHeapMb?: number;
}

/** When it is looked into whether the waits can be served: whoever awaits something else first may have gone on by then. */
const PROVE_AFTER_MS = [100, 1_000, 5_000];

export class TracedPool {
  readonly name: string;
  readonly label: string;
  readonly held = new Map<object, Held>();
  readonly waits = new Set<PoolWait>();
  readonly stallAfterMs: number;
  readonly #maxHeapMb: number;
  readonly #size: () => number;
  #releasedAt = 0;
  #stall: NodeJS.Timeout | undefined;
  #proof: NodeJS.Timeout | undefined;
  #told: 'nothing' | 'stalled' | 'exhausted' = 'nothing';

  constructor(name: string, size: () => number, { stallAfterMs = 10_000, maxHeapMb = 32 }: PoolOptions) {
    this.name = name;
    this.label = `pool "${name}"`;
    this.#size = size;
    this.stallAfterMs = stallAfterMs;
    this.#maxHeapMb = maxHeapMb;
  }

  get size(): number {
    return this.#size();
  }

  /**
   * @param below the function that the caller called
   * @param query what is said where the caller is not on the stack any more
   */
  begin(below: (...args: never[]) => unknown, query?: Place): PoolWait {
    const inside = ownersOf(currentScope()).filter((owner): owner is Transaction => owner instanceof Transaction);
    const innermost = inside[0];
    const isOwn = innermost?.pool === this && !innermost.isHolding;
    if (isOwn) innermost.isHolding = true;
    const wait: PoolWait = {
      since: now(),
      at: userPlace(below, query),
      own: isOwn ? innermost : undefined,
      inside: isOwn ? inside.slice(1) : inside,
      promise: undefined,
    };
    this.waits.add(wait);
    if (this.held.size >= this.size) this.#watch();
    return wait;
  }

  got(wait: PoolWait, place: object): void {
    this.waits.delete(wait);
    this.held.set(place, { since: now(), at: wait.own?.at ?? wait.at, transaction: wait.own });
  }

  failed(wait: PoolWait): void {
    this.waits.delete(wait);
  }

  released(place: object): void {
    this.held.delete(place);
    this.#releasedAt = now();
    this.#told = 'nothing';
  }

  /** Follows an acquire that gives a promise. */
  follow<P extends object>(wait: PoolWait, acquired: PromiseLike<P>): Promise<P> {
    const promise = Promise.resolve(acquired).then(
      (place) => {
        this.got(wait, place);
        return place;
      },
      (error: unknown) => {
        this.failed(wait);
        throw error;
      },
    );
    wait.promise = promise;
    return promise;
  }

  /** Runs a transaction's callback as an owner. `start` gets the callback to hand on. */
  run<A extends unknown[], R, T extends PromiseLike<unknown>>(
    below: (...args: never[]) => unknown,
    callback: (...args: A) => R,
    start: (callback: (...args: A) => R) => T,
  ): T {
    const transaction = new Transaction(this, userPlace(below));
    const endTracking = trackScopes();
    const end = (): void => {
      transaction.settled = true;
      endTracking();
    };
    const owned = (...args: A): R => {
      const result = runIn(transaction, () => callback(...args));
      transaction.work = result as unknown as PromiseLike<unknown>;
      return result;
    };
    const whole = runIn(transaction, () => start(owned));
    void whole.then(end, end);
    return whole;
  }

  #watch(): void {
    this.#proveLater(0);
    this.#stall ??= unref(setTimeout(() => this.#checkStall(), this.stallAfterMs));
  }

  #proveLater(attempt: number): void {
    const afterMs = PROVE_AFTER_MS[attempt];
    if (afterMs === undefined) return;
    this.#proof ??= unref(
      setTimeout(() => {
        this.#proof = undefined;
        if (this.waits.size === 0 || this.#told === 'exhausted') return;
        this.#prove();
        this.#proveLater(attempt + 1);
      }, afterMs),
    );
  }

  /** All places are held by transactions, and each of them cannot go on without one more: read from the heap. */
  #prove(): void {
    const holders = [...this.held.values()].map(({ transaction }) => transaction);
    const suspects = holders.filter((holder) => holder !== undefined && !holder.settled);
    if (suspects.length < this.size || holders.length > suspects.length) return;
    const blocking = [...this.waits].filter((wait) =>
      wait.inside.some((transaction) => suspects.includes(transaction)),
    );
    if (!suspects.every((suspect) => blocking.some(({ inside }) => inside.includes(suspect as Transaction)))) return;
    const work = named(
      'work',
      suspects.map((suspect) => suspect?.work),
    );
    const waits = named(
      'wait',
      blocking.map(({ promise }) => promise),
    );
    const blocked = blockedWork(work, waits, this.#maxHeapMb);
    if (!blocked || Object.keys(work).some((name) => !blocked.has(name))) return;
    this.#told = 'exhausted';
    tellExhausted(this, suspects as Transaction[], blocking);
  }

  #checkStall(): void {
    this.#stall = undefined;
    const [oldest] = this.waits;
    if (!oldest || this.#told !== 'nothing') return;
    // One that is given back now and then is a pool whose callers wait their turn.
    const quietMs = now() - Math.max(oldest.since, this.#releasedAt);
    if (quietMs < this.stallAfterMs || this.held.size < this.size) {
      this.#stall = unref(setTimeout(() => this.#checkStall(), Math.max(this.stallAfterMs - quietMs, 1)));
      return;
    }
    this.#told = 'stalled';
    tellStalled(this);
  }
}

function unref(timer: NodeJS.Timeout): NodeJS.Timeout {
  timer.unref();
  return timer;
}

const named = (kind: string, promises: readonly (PromiseLike<unknown> | undefined)[]) =>
  Object.fromEntries(promises.map((promise, index) => [`${kind} ${index}`, promise]));
