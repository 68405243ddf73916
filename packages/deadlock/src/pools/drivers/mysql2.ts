import { type Driver, hasMethods } from '../driver.js';

type Callback = (error: Error | null, connection?: object) => void;

interface CorePool {
  readonly config: { readonly connectionLimit: number };
  getConnection(callback: Callback): unknown;
  on(event: 'release', listener: (connection: object) => void): void;
}

/** A pool of promises is a coat over one of callbacks. */
function coreOf(pool: object): CorePool | undefined {
  const inner: unknown = Reflect.get(pool, 'pool');
  const core = typeof inner === 'object' && inner !== null ? inner : pool;
  return hasMethods(core, 'getConnection', 'releaseConnection', 'on') ? (core as CorePool) : undefined;
}

/** `pool.query()` and `pool.execute()` take their connection by `getConnection()` too. */
export const mysql2: Driver = {
  is: (pool) => coreOf(pool) !== undefined,
  size: (pool) => coreOf(pool)?.config.connectionLimit ?? Infinity,
  trace(pool, traced) {
    const core = coreOf(pool) as CorePool;
    const original = core.getConnection;
    core.getConnection = function getConnection(this: CorePool, callback) {
      const wait = traced.begin(getConnection);
      return original.call(this, (error, connection) => {
        if (connection) traced.got(wait, connection);
        else traced.failed(wait);
        callback(error, connection);
      });
    };
    core.on('release', (connection) => traced.released(connection));
  },
};
