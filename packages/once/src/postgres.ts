import { checkFunction, OnceBase, type Once } from './create-once.js';
import { defaults, readObject, readOnceOptions, wrong } from './options.js';
import type { PoolClient, PoolLike, SqlClient } from './postgres/connection.js';
import { makeGuard } from './postgres/guard.js';
import { script } from './postgres/schema.js';
import { PostgresStore } from './postgres/store.js';
import { transactional, type TransactionFunction } from './postgres/transaction.js';
import { isTransient } from './postgres/transient.js';
import type { Execution, OnceOptions, StepFunction, StepOptions } from './types.js';

export type { Once, RunFunction } from './create-once.js';
export type { PoolClient, PoolLike, SqlClient } from './postgres/connection.js';
export type { TransactionFunction } from './postgres/transaction.js';
export type { StoreTraits } from './store.js';
export type { Execution, OnceOptions, ReplicaWait, StepContext, StepFunction, StepOptions } from './types.js';

export interface PostgresOnceOptions extends OnceOptions {
  /** The schema of its own tables: letters, digits and underscores. Default `bootstrap_once`. */
  readonly schema?: string | undefined;
  /** Whether to create the tables where they are missing. Default true; otherwise run what `sql()` gives. */
  readonly create?: boolean | undefined;
  /**
   * Where given, a worker thread with a connection of its own keeps the lease, so that a blocked event loop (`execSync` of a
   * migration tool) does not lose it. Needs the package pg.
   */
  readonly connectionString?: string | undefined;
}

/** What `fn` of `run` gets on Postgres. */
export interface PostgresExecution extends Execution {
  /**
   * Call it right after BEGIN: the transaction then commits only while this execution still holds the step. Takes what has
   * `query(text, values)`.
   *
   * @throws OnceFencedError when another replica has taken over
   */
  guard(tx: SqlClient): Promise<void>;
}

export interface PostgresOnce<C = SqlClient> extends Once<PostgresExecution> {
  /**
   * A step that runs once per key, whoever dies when: what it does with `tx` and the record that it is done commit together.
   * Leave BEGIN and COMMIT to it; only what is done with `tx` belongs to the transaction.
   *
   * @throws TypeError for wrong options
   * @throws OnceFailedError from the step, on every replica, when all attempts are used up
   * @example
   * boot.step('migrate', once.transaction({ key: schemaHash }, (tx) => migrate(tx)));
   */
  transaction<T>(
    options: StepOptions & { readonly order: number },
    fn: TransactionFunction<C, T>,
  ): StepFunction<T | undefined>;
  transaction<T>(options: StepOptions, fn: TransactionFunction<C, T>): StepFunction<T>;
  /** The statements that make the tables, for those whose application may not. */
  sql(): string;
}

/** The client that a pool gives: with pg the one with all its methods. */
export type ClientOf<P> = P extends { connect: { (): Promise<infer C>; (callback: never): unknown } }
  ? C
  : P extends { connect(): Promise<infer C> }
    ? C
    : SqlClient;

/**
 * Steps that run once across all replicas that share a Postgres database. Works behind a transaction pooler and with a pool
 * of one connection.
 *
 * @param pool a `Pool` of pg, or what `fromPostgresJs` makes
 * @throws TypeError for wrong options
 * @example
 * const once = postgresOnce(new pg.Pool(), { namespace: 'shop' });
 */
export function postgresOnce<P extends PoolLike>(pool: P, options: PostgresOnceOptions): PostgresOnce<ClientOf<P>> {
  const where = 'postgresOnce';
  if (typeof (Object(pool) as Partial<PoolLike>).connect !== 'function') {
    const given = typeof pool === 'function' ? 'a function: for postgres.js pass fromPostgresJs(sql)' : String(pool);
    throw new TypeError(`${where}: the first argument must be a Pool of pg, not ${given}`);
  }
  const settings = readOnceOptions(where, options, ['schema', 'create', 'connectionString']);
  const own = readOwn(where, options);
  const store = new PostgresStore(pool, { ...own, leaseMs: settings.leaseMs });
  const once = new PostgresOnceImpl(store, settings, (held, execution) => {
    const { guard, hasRaised, end } = makeGuard(store, held, settings.leaseMs);
    return { execution: { ...execution, guard }, isFree: (error) => hasRaised(error) && isTransient(error), end };
  });
  return Object.assign(once, { sql: () => script(own.schema) }) as unknown as PostgresOnce<ClientOf<P>>;
}

class PostgresOnceImpl extends OnceBase<PostgresExecution> {
  transaction(options: StepOptions, fn: TransactionFunction<never, unknown>): StepFunction<never> {
    checkFunction('transaction', fn);
    const { store, settings } = this.replica;
    return this.share('transaction', options, transactional(store as PostgresStore, settings.leaseMs, fn));
  }
}

function readOwn(where: string, options: PostgresOnceOptions) {
  const {
    schema = defaults.schema,
    create = true,
    connectionString,
  } = readObject<PostgresOnceOptions>(where, options, Object.keys(options));
  if (typeof schema !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema)) {
    throw wrong(where, 'schema', 'must be a name of letters, digits and underscores, at most 63', schema);
  }
  if (typeof create !== 'boolean') throw wrong(where, 'create', 'must be true or false', create);
  if (connectionString !== undefined && (typeof connectionString !== 'string' || connectionString === '')) {
    throw wrong(where, 'connectionString', 'must be a string that is not empty', connectionString);
  }
  return { schema, create, connectionString };
}

/** What `fromPostgresJs` needs of postgres.js. */
export interface PostgresJs {
  unsafe(text: string, values?: never[]): PromiseLike<unknown>;
  reserve(): Promise<PostgresJs & { release(): void }>;
}

/** A pool for `postgresOnce` from postgres.js; `tx` then has `query(text, values)` and, as `sql`, the reserved connection. */
export function fromPostgresJs<S extends PostgresJs>(sql: S) {
  return {
    async connect() {
      const reserved = (await sql.reserve()) as Awaited<ReturnType<S['reserve']>>;
      return { ...asClient(reserved), sql: reserved, release: () => reserved.release() } satisfies PoolClient & {
        sql: unknown;
      };
    },
  };
}

/** What `guard` takes, from a transaction of postgres.js: `sql.begin((tx) => guard(asClient(tx)))`. */
export function asClient(sql: Pick<PostgresJs, 'unsafe'>): SqlClient {
  return {
    query: async (text, values = []) => ({ rows: [...((await sql.unsafe(text, values as never[])) as unknown[])] }),
  };
}
