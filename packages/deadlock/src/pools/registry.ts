/**
 * The traced pools of the process. All copies of this package share them, and a pool that is dropped leaves.
 */
import type { TracedPool } from './pool.js';
import type { PostgresSessions } from './postgres-locks.js';

export interface Registered {
  readonly traced: TracedPool;
  readonly postgres: PostgresSessions | undefined;
}

interface Registry {
  readonly pools: Set<WeakRef<object>>;
  readonly of: WeakMap<object, Registered>;
}

/** Raise the number when the shape of what is shared changes. */
const key = Symbol.for('bootstrap-gate.pools.1');

/** Kept by a function: test runners that clean up what they find on the global object take objects apart. */
const registry = ((Reflect.get(globalThis, key) as (() => Registry) | undefined) ?? make())();

function make(): () => Registry {
  const made: Registry = { pools: new Set(), of: new WeakMap() };
  const get = (): Registry => made;
  Object.defineProperty(globalThis, key, { value: get });
  return get;
}

export function registerPool(pool: object, traced: TracedPool, postgres: PostgresSessions | undefined): void {
  registry.pools.add(new WeakRef(pool));
  registry.of.set(pool, { traced, postgres });
}

export const tracedAs = (pool: object): string | undefined => registry.of.get(pool)?.traced.name;

export function registeredPools(): Registered[] {
  const found: Registered[] = [];
  for (const ref of registry.pools) {
    const pool = ref.deref();
    const registered = pool && registry.of.get(pool);
    if (registered) found.push(registered);
    else registry.pools.delete(ref);
  }
  return found;
}
