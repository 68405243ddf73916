/**
 * A replica that works through versions of two shared steps: a `transaction` that writes two ledger rows, and a `run` that
 * writes log rows in guarded transactions. Each line of its output is one result, which all replicas must agree on.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { postgresOnce } from '../src/postgres.js';

export interface ReplicaSettings {
  readonly url: string;
  readonly name: string;
  readonly leaseMs: number;
  /** The first version to work on. */
  readonly from: number;
  readonly poolSize: number;
  /** How often of a hundred commits the replica kills itself around one. */
  readonly suicidePercent: number;
  readonly workMs: number;
}

export interface ReplicaResult {
  readonly step: 'ledger' | 'log';
  readonly key: number;
  readonly fence: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as ReplicaSettings;
const pool = new pg.Pool({ connectionString: settings.url, max: settings.poolSize });
pool.on('error', () => {});
const once = postgresOnce(pool, { namespace: 'chaos', leaseMs: settings.leaseMs, replica: settings.name });

const ignore = (): void => {};
const pause = (): Promise<void> => delay(Math.random() * settings.workMs);

function suicide(): void {
  if (Math.random() * 100 >= settings.suicidePercent) return;
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), Math.random() * 6);
}

const ledger = (key: number) =>
  once.transaction({ key: `v${key}`, attempts: 1_000, retryMs: 20 }, async (tx, { fence }) => {
    const insert = 'INSERT INTO ledger (key, fence, replica) VALUES ($1, $2, $3)';
    await tx.query(insert, [key, fence, settings.name]);
    await pause();
    await tx.query(insert, [key, fence, settings.name]);
    suicide();
    return { fence };
  });

const log = (key: number) =>
  once.run({ key: `v${key}`, attempts: 1_000, retryMs: 20 }, async ({ fence, guard, signal }) => {
    for (let part = 0; part < 3; part++) {
      signal.throwIfAborted();
      const client = await pool.connect();
      client.on('error', ignore);
      try {
        await client.query('BEGIN');
        await guard(client);
        await client.query('INSERT INTO log (key, fence, replica) VALUES ($1, $2, $3)', [key, fence, settings.name]);
        await delay(Math.random() * (settings.leaseMs / 4));
        await client.query('COMMIT');
        client.removeListener('error', ignore);
        client.release();
      } catch (error) {
        client.release(true);
        throw error;
      }
      await pause();
    }
    suicide();
    return { fence };
  });

/** Says which version is the last one. */
interface Finish {
  readonly last: number;
}

let last = Infinity;
process.on('message', (finish: Finish) => (last = finish.last));
process.channel?.unref();

async function main(): Promise<void> {
  for (let key = settings.from; key <= last; key++) {
    const tell = (step: ReplicaResult['step']) => (result: { fence: number }) =>
      console.log(JSON.stringify({ step, key, fence: result.fence } satisfies ReplicaResult));
    await Promise.all([
      ledger(key)({ name: 'ledger' }).then(tell('ledger')),
      log(key)({ name: 'log' }).then(tell('log')),
    ]);
  }
  await once.close();
  await pool.end();
}

main().catch((error: unknown) => {
  console.error(settings.name, error);
  process.exitCode = 1;
});
