/** Tells who took each place of a connection pool where, and who waits. One driver for each kind of pool is in `drivers/`. */
import { genericPool } from './drivers/generic-pool.js';
import { knex } from './drivers/knex.js';
import { mysql2 } from './drivers/mysql2.js';
import { pg } from './drivers/pg.js';
import { sequelize } from './drivers/sequelize.js';
import { tarn } from './drivers/tarn.js';
import { type PoolOptions, TracedPool } from './pool.js';
import { registerPool, tracedAs } from './registry.js';
import type { Driver } from './driver.js';

export type { PoolOptions } from './pool.js';

const drivers: readonly Driver[] = [pg, knex, sequelize, mysql2, genericPool, tarn];

/**
 * Traces a pool of pg, knex, Sequelize, mysql2 (also its promises), generic-pool or tarn, and gives it back. Only this one
 * pool is changed, by wrapping what takes and returns a place.
 *
 * When all places are taken by transactions' callbacks (`knex.transaction(fn)`, `sequelize.transaction(fn)`,
 * `pool.use(fn)`) of which each awaits one more, that is a verdict (`GATE_DEADLOCK`). When others wait and no place is given
 * back for `stallAfterMs`, `GATE_POOL_STALLED` says once where each was taken and where others wait.
 *
 * @throws {TypeError} when the object is none of these pools
 * @example
 * const pool = tracePool(new pg.Pool({ max: 10 }), 'main');
 */
export function tracePool<P extends object>(pool: P, name: string, options: PoolOptions = {}): P {
  check(name, options);
  const driver = drivers.find(({ is }) => is(pool));
  if (!driver) {
    throw new TypeError(
      'tracePool(pool, name): pool must be a pool of pg, knex, Sequelize, mysql2, generic-pool or tarn, not ' +
        `${typeof pool === 'object' ? `an object of ${(pool as object)?.constructor?.name}` : `a ${typeof pool}`}.`,
    );
  }
  const known = tracedAs(pool);
  if (known !== undefined) {
    if (known === name) return pool;
    throw new TypeError(`tracePool(pool, name): the pool is traced already, as ${JSON.stringify(known)}.`);
  }
  const traced = new TracedPool(name, () => driver.size(pool), options);
  driver.trace(pool, traced);
  registerPool(pool, traced, driver.postgres?.(pool, traced));
  return pool;
}

function check(name: unknown, options: PoolOptions): void {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`tracePool(pool, name): name must be a string that is not empty, not ${JSON.stringify(name)}.`);
  }
  for (const [option, value] of Object.entries(options)) {
    if (option !== 'stallAfterMs' && option !== 'maxHeapMb') {
      throw new TypeError(`tracePool: there is no option ${option}; there are stallAfterMs and maxHeapMb.`);
    }
    if (typeof value !== 'number' || !(value > 0)) {
      throw new TypeError(`tracePool: ${option} must be a number above 0, not ${String(value)}.`);
    }
  }
}
