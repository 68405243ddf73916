import type { TracedPool } from './pool.js';
import type { PostgresSessions } from './postgres-locks.js';

/** How one kind of pool takes and returns places. */
export interface Driver {
  is(pool: object): boolean;
  size(pool: object): number;
  trace(pool: object, traced: TracedPool): void;
  /** Where its places are sessions of a Postgres. */
  postgres?(pool: object, traced: TracedPool): PostgresSessions | undefined;
}

/** Whether an object has these methods. */
export function hasMethods(value: object, ...names: readonly string[]): boolean {
  return names.every((name) => typeof Reflect.get(value, name) === 'function');
}
