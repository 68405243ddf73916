import { type Driver, hasMethods } from '../driver.js';
import type { PostgresClient } from '../postgres-locks.js';

type Work = (...args: unknown[]) => unknown;

interface Client {
  readonly pool?: { readonly max: number };
  readonly config?: { readonly client?: unknown };
  acquireConnection(): Promise<object>;
  releaseConnection(connection: object): unknown;
  transaction(container: Work | undefined, ...rest: unknown[]): PromiseLike<unknown>;
  runner(builder: object): Runner;
  acquireRawConnection(): Promise<PostgresClient>;
  destroyRawConnection(client: PostgresClient): Promise<unknown>;
}

interface Runner {
  ensureConnection: (...args: unknown[]) => unknown;
}

const clientOf = (pool: object): Client => (pool as { client: Client }).client;

export const knex: Driver = {
  is(pool) {
    const client: unknown = Reflect.get(pool, 'client');
    return (
      typeof client === 'object' &&
      client !== null &&
      hasMethods(client, 'acquireConnection', 'releaseConnection', 'transaction')
    );
  },
  size: (pool) => clientOf(pool).pool?.max ?? Infinity,
  trace(pool, traced) {
    const client = clientOf(pool);
    const { acquireConnection, releaseConnection, transaction, runner } = client;
    // A query begins when it is awaited, in a turn of its own: then it is all that is known of its caller.
    let running: object | undefined;
    client.runner = function (this: Client, builder) {
      const made = runner.call(this, builder);
      const { ensureConnection } = made;
      made.ensureConnection = (...args) => {
        running = builder;
        try {
          return ensureConnection.apply(made, args);
        } finally {
          running = undefined;
        }
      };
      return made;
    };
    client.acquireConnection = function acquire(this: Client) {
      const query = running;
      const wait = traced.begin(acquire, query && (() => `the query ${String(query)}`));
      return traced.follow(wait, acquireConnection.call(this));
    };
    client.releaseConnection = function (this: Client, connection) {
      traced.released(connection);
      return releaseConnection.call(this, connection);
    };
    client.transaction = function begin(this: Client, container, ...rest) {
      if (!container) return transaction.call(this, container, ...rest);
      return traced.run(begin, container, (owned) => transaction.call(this, owned, ...rest));
    };
  },
  postgres(pool, traced) {
    const client = clientOf(pool);
    if (!/^(?:pg|postgres|postgresql|pgnative|cockroachdb)$/.test(String(client.config?.client))) return undefined;
    return {
      traced,
      open: () => client.acquireRawConnection(),
      close: (connection) => client.destroyRawConnection(connection),
    };
  },
};
