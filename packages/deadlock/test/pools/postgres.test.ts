import { Client, Pool, type PoolClient } from 'pg';
import { describeStall, type Stall, tracePool } from '../../src/index.js';
import { findProgram, type Service, startPostgres } from '../corpus/support/services.js';

const isHere = findProgram('postgres') !== undefined;
const skipped = isHere ? '' : ' (skipped: postgres is not installed)';
const onPostgres = isHere ? test : test.skip;

let postgres: Service;
let pool: Pool;
let names = 0;
const clients: PoolClient[] = [];

beforeAll(async () => {
  if (isHere) postgres = await startPostgres();
});
afterAll(async () => {
  if (isHere) await postgres.stop();
});

const connection = () => ({ port: postgres.port, host: '127.0.0.1', user: 'postgres' });

beforeEach(async () => {
  if (!isHere) return;
  pool = tracePool(new Pool({ ...connection(), max: 3 }), `main ${names++}`);
  await pool.query('drop table if exists stock; create table stock (id int primary key, amount int)');
  await pool.query('insert into stock values (1, 10), (2, 10)');
});
afterEach(async () => {
  if (!isHere) return;
  for (const client of clients.splice(0)) client.release(true);
  await pool.end();
});

/** A transaction that has the row. Postgres would resolve a cycle of locks after a second, which is not what is tested. */
async function holding(id: number): Promise<PoolClient> {
  const client = await pool.connect();
  clients.push(client);
  await client.query(`set deadlock_timeout = '1h'`);
  await client.query('begin');
  await client.query('update stock set amount = amount - 1 where id = $1', [id]);
  return client;
}

const take = (client: PoolClient, id: number): Promise<string> =>
  client.query('update stock set amount = amount + 1 where id = $1', [id]).then(
    () => 'done',
    (error: Error & { code?: string }) => `failed: ${error.code}`,
  );

/** What is said once the server sees as many sessions that wait. */
async function stallOf(count: number): Promise<Stall> {
  for (;;) {
    const stall = await describeStall({ maxHeapMb: 1 });
    if (stall.blockedSessions.length >= count) return stall;
  }
}

onPostgres(`D11: a lock of another session of this process is named from both ends${skipped}`, async () => {
  const [first, second] = [await holding(1), await holding(2)];
  const waiting = take(second, 1);
  const { blockedSessions, text } = await stallOf(1);
  expect(blockedSessions).toMatchObject([
    {
      at: expect.stringMatching(/postgres\.test/),
      waitsFor: 'Lock: transactionid',
      query: expect.stringContaining('amount + 1'),
      blockers: [{ isOurs: true, at: expect.stringMatching(/postgres\.test/), state: 'idle in transaction' }],
    },
  ]);
  expect(text).toMatch(/^Blocked in Postgres:\n {2}session \d+ of pool "main \d+", taken at .*postgres\.test/);
  await first.query('rollback');
  expect(await waiting).toBe('done');
  await second.query('rollback');
});

onPostgres(`D11: two transactions that wait for each other are both told${skipped}`, async () => {
  const [first, second] = [await holding(1), await holding(2)];
  const waits = [take(first, 2), take(second, 1)];
  const { blockedSessions } = await stallOf(2);
  const edges = blockedSessions.map(({ pid, blockers }) => [pid, ...blockers.map((blocker) => blocker.pid)]);
  expect(edges.sort()).toEqual(edges.map(([from, to]) => [to, from]).sort());
  expect(blockedSessions.flatMap(({ blockers }) => blockers.map(({ isOurs }) => isOurs))).toEqual([true, true]);

  await pool.query('select pg_cancel_backend($1)', [blockedSessions[0]?.pid]);
  await expect(Promise.race(waits)).resolves.toBe('failed: 57014');
  for (const client of [first, second]) void client.query('rollback').catch(() => {});
  await Promise.all(waits);
});

onPostgres(`D11: a session of another program is named as such${skipped}`, async () => {
  const other = new Client({ ...connection(), application_name: 'migrations' });
  await other.connect();
  await other.query('begin; lock table stock');
  const client = await pool.connect();
  clients.push(client);
  const waiting = take(client, 1);
  const { blockedSessions, text } = await stallOf(1);
  expect(blockedSessions[0]?.blockers).toMatchObject([{ isOurs: false, applicationName: 'migrations' }]);
  expect(text).toContain('of another program (migrations): idle in transaction, its last query: begin; lock table');
  await other.end();
  expect(await waiting).toBe('done');
});
