import { type Driver, hasMethods } from '../driver.js';

interface GenericPool {
  readonly max: number;
  acquire(priority?: number): Promise<object>;
  release(resource: object): Promise<void>;
  destroy(resource: object): Promise<void>;
  use<T>(callback: (resource: object) => T, priority?: number): Promise<Awaited<T>>;
}

export const genericPool: Driver = {
  is: (pool) => hasMethods(pool, 'acquire', 'release', 'destroy', 'use', 'isBorrowedResource'),
  size: (pool) => (pool as GenericPool).max,
  trace(object, traced) {
    const pool = object as GenericPool;
    const { acquire, release, destroy, use } = pool;
    pool.acquire = function tracedAcquire(this: GenericPool, priority) {
      return traced.follow(traced.begin(tracedAcquire), acquire.call(this, priority));
    };
    pool.release = function (this: GenericPool, resource) {
      traced.released(resource);
      return release.call(this, resource);
    };
    pool.destroy = function (this: GenericPool, resource) {
      traced.released(resource);
      return destroy.call(this, resource);
    };
    pool.use = function tracedUse<T>(this: GenericPool, callback: (resource: object) => T, priority?: number) {
      return traced.run(tracedUse, callback, (owned) => use.call(this, owned, priority) as Promise<Awaited<T>>);
    };
  },
};
