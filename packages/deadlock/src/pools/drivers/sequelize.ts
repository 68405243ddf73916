import { type Driver, hasMethods } from '../driver.js';

type Work = (...args: unknown[]) => unknown;

interface Manager {
  readonly pool?: { readonly maxSize?: number };
  getConnection(options?: unknown): Promise<object>;
  releaseConnection(connection: object): unknown;
}

interface Sequelize {
  readonly connectionManager: Manager;
  readonly options: { readonly pool?: { readonly max?: number } };
  transaction(...args: unknown[]): PromiseLike<unknown>;
}

/** What Sequelize has where nothing is set. */
const DEFAULT_MAX = 5;

export const sequelize: Driver = {
  is(pool) {
    const manager: unknown = Reflect.get(pool, 'connectionManager');
    return typeof manager === 'object' && manager !== null && hasMethods(manager, 'getConnection', 'releaseConnection');
  },
  size: (pool) => (pool as Sequelize).options.pool?.max ?? DEFAULT_MAX,
  trace(object, traced) {
    const instance = object as Sequelize;
    const manager = instance.connectionManager;
    const { getConnection, releaseConnection } = manager;
    manager.getConnection = function acquire(this: Manager, options) {
      return traced.follow(traced.begin(acquire), getConnection.call(this, options));
    };
    manager.releaseConnection = function (this: Manager, connection) {
      traced.released(connection);
      return releaseConnection.call(this, connection);
    };
    const { transaction } = instance;
    instance.transaction = function begin(this: Sequelize, ...args) {
      const callback = args.at(-1);
      if (typeof callback !== 'function') return transaction.apply(this, args);
      return traced.run(begin, callback as Work, (owned) => transaction.apply(this, [...args.slice(0, -1), owned]));
    };
  },
};
