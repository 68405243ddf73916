import { type Driver, hasMethods } from '../driver.js';
import type { TracedPool } from '../pool.js';
import type { PostgresClient } from '../postgres-locks.js';

type Callback = (error: Error | undefined, client?: object, release?: unknown) => void;

interface PgPool {
  readonly options: { readonly max: number };
  readonly Client: new (options: unknown) => PostgresClient;
  connect(callback?: Callback): Promise<object> | undefined;
  on(event: 'release' | 'remove', listener: (...args: unknown[]) => void): void;
}

/** `pool.query()` takes its connection by `connect()` too. */
export const pg: Driver = {
  is: (pool) => hasMethods(pool, 'connect', 'query', 'end', 'on') && 'totalCount' in pool && 'Client' in pool,
  size: (pool) => (pool as PgPool).options.max,
  trace(object, traced) {
    const pool = object as PgPool;
    const original = pool.connect;
    pool.connect = function connect(this: PgPool, callback?: Callback) {
      const wait = traced.begin(connect);
      if (!callback) return traced.follow(wait, original.call(this) as Promise<object>);
      return original.call(this, (error, client, release) => {
        if (client) traced.got(wait, client);
        else traced.failed(wait);
        callback(error, client, release);
      });
    };
    pool.on('release', (_error, client) => traced.released(client as object));
    pool.on('remove', (client) => {
      if (traced.held.has(client as object)) traced.released(client as object);
    });
  },
  postgres: (object, traced) => sessionsOf(object as PgPool, traced),
};

const sessionsOf = (pool: PgPool, traced: TracedPool) => ({
  traced,
  open: async (): Promise<PostgresClient> => {
    const client = new pool.Client({ ...pool.options, application_name: 'bootstrap-gate: who blocks whom' });
    await client.connect?.();
    return client;
  },
  close: (client: PostgresClient) => client.end(),
});
