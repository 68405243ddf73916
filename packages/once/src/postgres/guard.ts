import { randomUUID } from 'node:crypto';
import { OnceError, OnceFencedError } from '../errors.js';
import type { Holding } from '../execute.js';
import { track, type SqlClient, type Tracker } from './connection.js';
import { CURRENT_GUARD } from './statements.js';
import { applicationName, type PostgresStore } from './store.js';

/** For milliseconds the row may be locked by someone who asks whether this replica is dead. */
const TRIES = 5;

export function guardValues({ step, fence, session }: Holding, leaseMs: number, token: string): unknown[] {
  const name = applicationName(session.id, step.name, fence);
  return [step.namespace, step.name, fence, session.id, String(leaseMs), name, token];
}

/** Makes the `guard` of one execution of `run`. */
export function makeGuard(store: PostgresStore, held: Holding, leaseMs: number) {
  const guarded: Tracker[] = [];

  /** Locks the step's row for the transaction, shared: until it ends, nobody can succeed this execution. */
  async function guard(tx: SqlClient): Promise<void> {
    if (typeof (Object(tx) as Partial<SqlClient>).query !== 'function') {
      throw new TypeError('guard: expects what has query(text, values), such as the client on which BEGIN was sent');
    }
    held.lease.signal.throwIfAborted();
    guarded.push(track(tx));
    const token = randomUUID();
    const text = store.sql.guard('SHARE', store.checksConnection);
    const values = guardValues(held, leaseMs, token);
    for (let tries = 0; tries < TRIES; tries++) {
      const { rows } = await tx.query(text, values);
      if (rows.length > 0) return checkTransaction(tx, token);
    }
    throw new OnceFencedError(
      `step ${JSON.stringify(held.step.name)} is no longer held by this execution (fence ${held.fence})`,
    );
  }

  return {
    guard,
    hasRaised: (error: unknown): boolean => guarded.some((tracker) => tracker.hasRaised(error)),
    end: (): void => guarded.reverse().forEach((tracker) => tracker.stop()),
  };
}

/** The token ends with the transaction, so outside of one it is gone at once. */
async function checkTransaction(tx: SqlClient, token: string): Promise<void> {
  const { rows } = await tx.query(CURRENT_GUARD);
  if ((rows[0] as { json: string | null }).json === token) return;
  throw new OnceError(
    'ERR_ONCE_TRANSACTION',
    'guard: must be called in a transaction, on the one client that has sent BEGIN; outside it guards nothing. ' +
      'Was it given a pool?',
  );
}
