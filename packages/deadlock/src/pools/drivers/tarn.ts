import { type Driver, hasMethods } from '../driver.js';

interface TarnPool {
  readonly max: number;
  acquire(): { readonly promise: Promise<object> };
  release(resource: object): boolean;
}

/** The pool inside knex; also used by itself. */
export const tarn: Driver = {
  is: (pool) => hasMethods(pool, 'acquire', 'release', 'numUsed', 'numPendingAcquires'),
  size: (pool) => (pool as TarnPool).max,
  trace(object, traced) {
    const pool = object as TarnPool;
    const { acquire, release } = pool;
    pool.acquire = function tracedAcquire(this: TarnPool) {
      const wait = traced.begin(tracedAcquire);
      const pending = acquire.call(this);
      // The caller has the promise inside, which must stay the one that the pool can abort.
      traced.follow(wait, pending.promise).catch(() => {});
      return pending;
    };
    pool.release = function (this: TarnPool, resource) {
      traced.released(resource);
      return release.call(this, resource);
    };
  },
};
