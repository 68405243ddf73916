import { OnceBase, type Once } from './create-once.js';
import { checkText, readObject, readOnceOptions, show } from './options.js';
import { RedisStore, type Evaluate } from './redis/store.js';
import type { OnceOptions } from './types.js';

export type { Once, RunFunction } from './create-once.js';
export type { StoreTraits } from './store.js';
export type { Evaluate } from './redis/store.js';
export type { Execution, OnceOptions, ReplicaWait, StepContext, StepFunction, StepOptions } from './types.js';

export interface RedisOnceOptions extends OnceOptions {
  /** What all its keys begin with, as their hash tag: on a cluster they lie in one slot. Default `once`. */
  readonly prefix?: string | undefined;
}

/** A client of ioredis (`Redis`, `Cluster`) or of node-redis, connected. */
export interface RedisLike {
  eval(...args: never[]): PromiseLike<unknown>;
  info(...args: never[]): PromiseLike<unknown>;
}

/**
 * Steps that run once across all replicas that share a Redis or Valkey server. **It can forget**: a failover loses what was
 * not replicated, eviction and `FLUSHALL` lose everything, and then the work runs again, or twice at the same time with the
 * same fence. So each step has to say `durable: false`. Warm a cache with it; do not migrate a database.
 *
 * @throws TypeError for wrong options, and by `run` for a step that does not say `durable: false`
 * @example
 * const once = redisOnce(new Redis(), { namespace: 'shop' });
 * boot.step('warm-up', once.run({ key: release, durable: false }, () => warmUp()));
 */
export function redisOnce(client: RedisLike, options: RedisOnceOptions): Once {
  const where = 'redisOnce';
  const { eval: evaluate, info } = Object(client) as Partial<RedisLike>;
  if (typeof evaluate !== 'function' || typeof info !== 'function') {
    throw new TypeError(`${where}: the first argument must be a client of ioredis or node-redis, not ${show(client)}`);
  }
  const settings = readOnceOptions(where, options, ['prefix']);
  const { prefix = 'once' } = readObject<RedisOnceOptions>(where, options, Object.keys(options));
  checkText(where, 'prefix', prefix, 128);
  const store = new RedisStore(evaluateOn(client), async () => String(await (client as Plain).info('memory')), prefix);
  return new OnceBase(store, settings, (_, execution) => ({
    execution,
    isFree: () => false,
    end: () => {},
  })) as unknown as Once;
}

interface Plain {
  eval(script: string, ...args: unknown[]): PromiseLike<unknown>;
  info(section: string): PromiseLike<unknown>;
}

/** ioredis takes keys and arguments one after another, node-redis as an object. */
export function evaluateOn(client: RedisLike): Evaluate {
  const isIoredis = typeof (client as { call?: unknown }).call === 'function';
  const { eval: evaluate } = client as unknown as Plain;
  return async (script, keys, args) =>
    isIoredis
      ? evaluate.call(client, script, keys.length, ...keys, ...args)
      : evaluate.call(client, script, { keys: [...keys], arguments: [...args] });
}
