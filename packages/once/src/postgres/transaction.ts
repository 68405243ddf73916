/** Effect and record in one commit. While the transaction is open its row lock is the lease: nobody can take over. */
import { randomUUID } from 'node:crypto';
import { valueOf } from '../create-once.js';
import { OnceError, OnceFencedError } from '../errors.js';
import type { Holding, Settled, Work } from '../execute.js';
import type { Execution } from '../types.js';
import { Connection, isLoss, isOwnFault, type PoolClient } from './connection.js';
import { guardValues } from './guard.js';
import { CURRENT_TRANSACTION } from './statements.js';
import { writeValues, type PostgresStore } from './store.js';
import { isTransient } from './transient.js';

export type TransactionFunction<C, T> = (tx: C, execution: Execution) => T | PromiseLike<T>;

export function transactional(store: PostgresStore, leaseMs: number, fn: TransactionFunction<never, unknown>): Work {
  const work = async (held: Holding, execution: Execution): Promise<Settled> => {
    let connection: Connection;
    try {
      connection = await Connection.open(store.pool);
    } catch (error) {
      return { kind: 'failed', error, isFree: isTransient(error) };
    }
    const transaction = new Transaction(store, held, leaseMs, connection);
    return transaction.run((tx) => (fn as TransactionFunction<PoolClient, unknown>)(tx, execution));
  };
  return Object.assign(work, { rests: 'connection' as const });
}

class Transaction {
  readonly #store: PostgresStore;
  readonly #held: Holding;
  readonly #leaseMs: number;
  readonly #connection: Connection;
  #xid = '';

  constructor(store: PostgresStore, held: Holding, leaseMs: number, connection: Connection) {
    this.#store = store;
    this.#held = held;
    this.#leaseMs = leaseMs;
    this.#connection = connection;
  }

  async run(fn: (tx: PoolClient) => unknown): Promise<Settled> {
    const connection = this.#connection;
    const { lease } = this.#held;
    connection.onLost = (error) => lease.lose('the connection of the transaction was lost', error);
    const drop = (): void => connection.release(true);
    lease.signal.addEventListener('abort', drop);
    const keepAlive = setInterval(() => this.#keepAlive(), this.#leaseMs / 4).unref();
    try {
      if (!(await this.#begin())) {
        await this.#rollback();
        return { kind: 'unknown', error: new OnceFencedError('the step is no longer held by this execution') };
      }
      const settled = valueOf(this.#held.step.name, await fn(connection.client));
      if (settled.kind === 'value') return await this.#commit(settled.result);
      await this.#rollback();
      return settled;
    } catch (error) {
      await this.#rollback();
      return this.#failed(error);
    } finally {
      clearInterval(keepAlive);
      lease.signal.removeEventListener('abort', drop);
      connection.release();
    }
  }

  async #begin(): Promise<boolean> {
    await this.#query('BEGIN', []);
    const text = this.#store.sql.guard('UPDATE', this.#store.checksConnection);
    const [row] = await this.#query(text, guardValues(this.#held, this.#leaseMs, randomUUID()));
    if (!row) return false;
    this.#xid = (JSON.parse((row as { json: string }).json) as { xid: string }).xid;
    return true;
  }

  async #commit(result: string | null): Promise<Settled> {
    const [now] = await this.#query(CURRENT_TRANSACTION, []).catch(explainAborted);
    if ((now as { json: string }).json !== this.#xid) {
      const message = `step ${JSON.stringify(this.#held.step.name)} has ended its transaction itself (COMMIT or ROLLBACK)`;
      const advice = 'The record has to commit together with the effect: leave BEGIN and COMMIT to once.transaction.';
      const error = new OnceError('ERR_ONCE_TRANSACTION', `${message}. ${advice}`);
      await this.#rollback();
      return { kind: 'failed', error, isFinal: true };
    }
    const { step, revision, fence, key, order, attempt } = this.#held;
    const run = { order, state: 'done' as const, attempts: attempt, result, error: null, retryInMs: 0 };
    const values = writeValues(step, revision, { fence, owner: null, key, run });
    if (typeof this.#store.answerOf(await this.#query(this.#store.sql.write, values)) !== 'number') {
      await this.#rollback();
      return { kind: 'unknown', error: new OnceFencedError('the step is no longer held by this execution') };
    }
    try {
      await this.#query('COMMIT', []);
      return { kind: 'recorded' };
    } catch (error) {
      // Without an answer it may have committed. A COMMIT cannot be sent again: look, and run again if it has not.
      if (isLoss(error) || this.#connection.lost) return { kind: 'unknown', error };
      throw error;
    }
  }

  /** An idle transaction is ended when the lease is over; one whose step pauses is not idle. */
  #keepAlive(): void {
    if (this.#xid !== '') this.#connection.keepAlive();
  }

  async #rollback(): Promise<void> {
    const connection = this.#connection;
    if (!connection.lost) await this.#query('ROLLBACK', []).catch(() => connection.release(true));
  }

  #failed(error: unknown): Settled {
    const { lost } = this.#connection;
    if (isOwnFault(error) || isOwnFault(lost?.error)) return { kind: 'failed', error: lost?.error ?? error };
    const isFree = lost !== undefined || (this.#connection.hasRaised(error) && isTransient(error));
    return { kind: 'failed', error, isFree };
  }

  #query(text: string, values: unknown[]): Promise<unknown[]> {
    return this.#connection.query(text, values, Math.max(this.#leaseMs, 5_000));
  }
}

/** An earlier statement has failed, and the step went on as if nothing was. */
function explainAborted(error: unknown): never {
  if ((Object(error) as { code?: unknown }).code !== '25P02') throw error as Error;
  throw new OnceError(
    'ERR_ONCE_TRANSACTION',
    'a statement of the step has failed, which aborts the whole transaction, and the step did not throw. Let the error ' +
      'through, or put the statement between SAVEPOINT and ROLLBACK TO SAVEPOINT',
    { cause: error },
  );
}
