/** The user's own pool, of whatever library, and what may happen to one of its connections. */
import { isTransient } from './transient.js';

/** What `guard` and the statements need: `query` of pg. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A connection that was taken from a pool. With an argument, `release` closes it. */
export interface PoolClient extends SqlClient {
  release(destroy?: boolean | Error): void;
}

/** A `Pool` of pg, or what `fromPostgresJs` makes. */
export interface PoolLike {
  connect(): Promise<PoolClient>;
}

interface Emitter {
  on(event: string, listener: (error: unknown) => void): unknown;
  removeListener(event: string, listener: (error: unknown) => void): unknown;
}

/** A checked-out connection that remembers which errors were its own. */
export class Connection {
  readonly client: PoolClient;
  /** Why the connection was lost, if it was. */
  lost: { readonly error: unknown } | undefined;
  onLost: (error: unknown) => void = () => {};
  readonly #tracker: Tracker;
  readonly #query: SqlClient['query'];
  readonly #emitter: Emitter | undefined;
  #isReleased = false;

  static async open(pool: PoolLike): Promise<Connection> {
    const client: unknown = await pool.connect();
    const { query, release } = Object(client) as Partial<PoolClient>;
    if (typeof query !== 'function' || typeof release !== 'function') {
      throw new TypeError(
        'postgresOnce: connect() of the pool must give a client with query and release. Expected is a Pool of pg, or ' +
          'fromPostgresJs(sql); a single Client cannot serve, because waiting and working need connections of their own',
      );
    }
    return new Connection(client as PoolClient);
  }

  private constructor(client: PoolClient) {
    this.client = client;
    this.#query = client.query.bind(client);
    this.#tracker = track(client);
    this.#emitter = isEmitter(client) ? client : undefined;
    // Without a listener, the end of a checked-out connection (the idle limit, a restart) would end the process.
    this.#emitter?.on('error', this.#onError);
    this.#emitter?.on('end', this.#onError);
  }

  /** One statement; where it takes longer, the connection is closed: nobody knows what has become of it. */
  async query(text: string, values: unknown[], timeoutMs: number): Promise<unknown[]> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`Postgres did not answer within ${timeoutMs} ms`);
        this.lost ??= { error: Object.assign(error, { code: 'ETIMEDOUT' }) };
        reject(error);
        this.release(true);
      }, timeoutMs);
    });
    try {
      return (await Promise.race([this.client.query(text, values), timeout])).rows;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether the error, or what caused it, came from this connection. */
  hasRaised(error: unknown): boolean {
    return this.#tracker.hasRaised(error);
  }

  /** Keeps the server from taking a pause for an idle transaction. */
  keepAlive(): void {
    this.#tracker.whenIdle(() => this.#query('SELECT 1'));
  }

  release(destroy = false): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#tracker.stop();
    const isBroken = destroy || this.lost !== undefined;
    // A connection that is being closed may still report errors.
    if (!isBroken) {
      this.#emitter?.removeListener('error', this.#onError);
      this.#emitter?.removeListener('end', this.#onError);
    }
    this.client.release(isBroken);
  }

  readonly #onError = (error?: unknown): void => {
    if (this.lost || this.#isReleased) return;
    this.lost = { error: error ?? new Error('the connection has ended') };
    this.onLost(this.lost.error);
  };
}

/** One statement on a connection of its own. */
export async function statement(
  pool: PoolLike,
  text: string,
  values: unknown[],
  timeoutMs: number,
): Promise<unknown[]> {
  const connection = await Connection.open(pool);
  let isBroken = true;
  try {
    const rows = await connection.query(text, values, timeoutMs);
    isBroken = false;
    return rows;
  } catch (error) {
    // The server has answered, so the connection is in order.
    isBroken = !/^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code)) || /^(08|57P)/.test(codeOf(error));
    throw error;
  } finally {
    connection.release(isBroken);
  }
}

/** One client's `query`, watched. */
export interface Tracker {
  hasRaised(error: unknown): boolean;
  /** Sends a statement of its own where none is under way; those that come meanwhile wait for it. */
  whenIdle(send: () => Promise<unknown>): void;
  stop(): void;
}

/** Remembers the errors that a client's `query` gives, until stopped. The client stays what it is for ORMs. */
export function track(client: SqlClient): Tracker {
  const raised = new WeakSet<object>();
  const own = Object.getOwnPropertyDescriptor(client, 'query');
  const query = client.query as (this: unknown, ...args: unknown[]) => unknown;
  let pending = 0;
  let between: Promise<unknown> | undefined;

  const tracked = function (this: unknown, ...args: unknown[]): unknown {
    // pg gives up its queue: a client takes one statement at a time. Callbacks and cursors cannot be put off.
    const isPlain = !args.some((arg) => typeof arg === 'function') && !isSubmittable(args[0]);
    const result = between && isPlain ? between.then(() => query.apply(this, args)) : query.apply(this, args);
    if (!(result instanceof Promise)) return result;
    pending++;
    const settled = (): void => void pending--;
    result.then(settled, (error: unknown) => {
      settled();
      raised.add(Object(error) as object);
    });
    return result;
  };

  const isOn = Reflect.defineProperty(client, 'query', { value: tracked, configurable: true, writable: true });
  return {
    hasRaised(error) {
      for (let at = error, depth = 0; at && depth < 10; at = (at as { cause?: unknown }).cause, depth++) {
        if (raised.has(Object(at) as object)) return true;
      }
      return false;
    },
    whenIdle(send) {
      if (pending > 0 || between) return;
      // What it says is nobody's error: the next statement tells.
      between = send()
        .catch(() => {})
        .finally(() => (between = undefined));
    },
    stop() {
      if (!isOn) return;
      if (own) Reflect.defineProperty(client, 'query', own);
      else Reflect.deleteProperty(client, 'query');
    },
  };
}

const isSubmittable = (value: unknown): boolean => typeof (Object(value) as { submit?: unknown }).submit === 'function';

/** The end of a connection that the server ended for the step's own fault is not the store's trouble. */
export const isOwnFault = (error: unknown): boolean => codeOf(error) === '25P03';

export const isLoss = (error: unknown): boolean => isTransient(error) && !/^(40|55|53)/.test(codeOf(error));

const codeOf = (error: unknown): string => String((Object(error) as { code?: unknown }).code);

function isEmitter(value: unknown): value is Emitter & PoolClient {
  const { on, removeListener } = value as Partial<Emitter>;
  return typeof on === 'function' && typeof removeListener === 'function';
}
