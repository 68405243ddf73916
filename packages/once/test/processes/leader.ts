/** A replica that runs one step, in one of the ways in which leaders come to grief. */
import { execSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { postgresOnce } from '../../src/postgres.js';

export interface LeaderSettings {
  readonly url: string;
  readonly namespace: string;
  readonly name: string;
  readonly leaseMs: number;
  readonly attempts?: number;
  readonly max?: number;
  readonly connectionString?: string;
  /**
   * `hang`: says `working` and never ends. `die`: kills itself. `late`: writes a guarded row each 50 ms until it is refused.
   * `block`: blocks its event loop. `transaction-hang`, `transaction-sleep`: in an open transaction, in a statement of a minute.
   */
  readonly act:
    'hang' | 'die' | 'late' | 'block' | 'transaction-hang' | 'transaction-sleep' | 'transaction-pause' | 'leave';
  readonly blockSeconds?: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as LeaderSettings;
const { url, namespace, name, leaseMs, attempts = 5, act, connectionString } = settings;
const pool = new pg.Pool({ connectionString: url, max: settings.max ?? 3 });
pool.on('error', () => {});
process.on('warning', (warning) => console.log(`warning ${(warning as { code?: string }).code ?? warning.name}`));
const once = postgresOnce(pool, { namespace, leaseMs, replica: name, connectionString });
const options = { key: 'v1', attempts, retryMs: 10 };
const never = (): Promise<never> => delay(2 ** 30) as Promise<never>;

const transaction = once.transaction(options, async (tx, { fence }) => {
  await tx.query('INSERT INTO effect (who, fence) VALUES ($1, $2)', [name, fence]);
  console.log('working');
  if (act === 'transaction-hang') await never();
  while (act === 'transaction-pause') await delay(50).then(() => tx.query('SELECT 1'));
  await tx.query('SELECT pg_sleep(60)');
  return name;
});

const run = once.run(options, async ({ attempt, fence, guard, signal }) => {
  console.log(`working ${attempt}`);
  if (act === 'hang') await never();
  if (act === 'die') process.kill(process.pid, 'SIGKILL');
  if (act === 'block') execSync(`sleep ${settings.blockSeconds ?? 1}`);
  while (act === 'late') await lateWrite(fence, guard, signal);
  return name;
});

async function lateWrite(
  fence: number,
  guard: (tx: pg.PoolClient) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const client = await pool.connect();
  client.on('error', () => {});
  try {
    await client.query('BEGIN');
    await guard(client);
    await client.query('INSERT INTO effect (who, fence) VALUES ($1, $2)', [name, fence]);
    await client.query('COMMIT');
    await delay(50);
  } catch (error) {
    console.log(`refused ${(error as Error).name} ${signal.aborted}`);
    throw error;
  } finally {
    client.release(true);
  }
}

async function main(): Promise<void> {
  const step = act.startsWith('transaction') ? transaction : run;
  try {
    console.log(`result ${await step({ name: 'step' })}`);
  } catch (error) {
    console.log(`error ${(error as Error).name}: ${(error as Error).message}`);
  }
  if (act !== 'leave') await once.close();
  await pool.end();
}

void main();
