/** Who holds a place of a pool, and who waits for one. */
import type { Place } from '../call-site.js';
import { Owner } from '../owner.js';
import type { TracedPool } from './pool.js';

export interface Held {
  /** Epoch ms. */
  readonly since: number;
  readonly at: Place;
  readonly transaction: Transaction | undefined;
}

export interface PoolWait {
  readonly since: number;
  readonly at: Place;
  /** The transaction that takes its own connection by it. */
  readonly own: Transaction | undefined;
  /** The transactions that cannot go on if their code awaits it, innermost first. */
  readonly inside: readonly Transaction[];
  /** What the caller awaits. */
  promise: PromiseLike<unknown> | undefined;
}

export class Transaction extends Owner {
  readonly at: Place;
  readonly pool: TracedPool;
  /** What the callback returned. */
  work: PromiseLike<unknown> | undefined;
  isHolding = false;

  constructor(pool: TracedPool, at: Place) {
    super(`transaction of ${pool.label}`, { isPart: true });
    this.pool = pool;
    this.at = at;
  }
}
