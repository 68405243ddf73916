import postgres from 'postgres';
import pg from 'pg';
import { asClient, fromPostgresJs, postgresOnce } from '../../src/postgres.js';
import { describeOnPostgres } from '../support/each-postgres.js';
import { freePort } from '../support/programs.js';
import { startProxy } from '../support/proxy.js';
import { closeAll, deferred, newNamespace, replicas, until } from '../support/replicas.js';

describeOnPostgres('trouble with the store', (server) => {
  test('a store that is unreachable at the start is named and tried again', async () => {
    const port = await freePort();
    const pool = server().pool(2, `postgres://postgres@127.0.0.1:${port}/postgres`);
    const once = postgresOnce(pool, { namespace: newNamespace() });
    const texts: string[] = [];
    const refused = deferred();
    const result = once.run(
      { key: 'v1' },
      () => 'done',
    )({
      name: 'step',
      progress(_, text) {
        texts.push(text ?? '');
        refused.resolve();
      },
    });
    await refused.promise;
    expect(texts[0]).toMatch(/^waits for Postgres: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
    const proxy = await startProxy(server().port, port);
    expect(await result).toBe('done');
    await once.close();
    await pool.end();
    await proxy.stop();
  });

  test('a gate that gives up ends the wait for a store that never comes', async () => {
    const pool = server().pool(2, `postgres://postgres@127.0.0.1:${await freePort()}/postgres`);
    const once = postgresOnce(pool, { namespace: newNamespace() });
    const limit = new AbortController();
    const result = once.run(
      { key: 'v1' },
      () => 1,
    )({ name: 'step', signal: limit.signal, progress: () => limit.abort(new Error('given up')) });
    await expect(result).rejects.toThrow('given up');
    await once.close();
  });

  test('a wrong password or database is an error at once', async () => {
    const once = postgresOnce(server().pool(1, server().url.replace(/postgres$/, 'no_such_database')), {
      namespace: 'n',
    });
    await expect(once.run({ key: 'v1' }, () => 1)({ name: 'step' })).rejects.toThrow(
      /database "no_such_database" does not exist/,
    );
    await once.close();
  });

  test('a read-only server is waited for: a standby that is promoted', async () => {
    await replicasOpen();
    await server().query('CREATE ROLE standby LOGIN SUPERUSER');
    await server().query('ALTER ROLE standby SET default_transaction_read_only = on');
    const pool = server().pool(2, server().url.replace('postgres@', 'standby@'));
    const once = postgresOnce(pool, { namespace: newNamespace() });
    const seen = deferred<string | undefined>();
    const result = once.run(
      { key: 'v1', attempts: 1 },
      ({ attempt }) => attempt,
    )({ name: 'step', progress: (_, text) => seen.resolve(text) });
    expect(await seen.promise).toMatch(/^waits for Postgres: cannot execute .* in a read-only transaction$/);
    await server().query('ALTER ROLE standby RESET default_transaction_read_only');
    await server().query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'standby'`);
    expect(await result).toBe(1);
    await once.close();
  });

  test('the server crashes under a transaction, a run and a waiter: all end, and the effect is there once', async () => {
    await server().query('CREATE TABLE crashed (who text)');
    const all = replicas(server(), 3);
    const working = [deferred(), deferred()];
    let crashed = false;
    const steps = all.map(({ once, name }) => [
      once.transaction({ key: 'v1', attempts: 1, retryMs: 1 }, async (tx) => {
        await tx.query('INSERT INTO crashed VALUES ($1)', [name]);
        working[0]!.resolve();
        await until(() => crashed);
        await tx.query('SELECT 1');
        return name;
      })({ name: 'in a transaction' }),
      once.run({ key: 'v1', attempts: 1 }, async ({ attempt }) => {
        working[1]!.resolve();
        await until(() => crashed);
        return attempt;
      })({ name: 'in a run' }),
    ]);
    await Promise.all(working.map(({ promise }) => promise));
    server().crash();
    crashed = true;
    const results = await Promise.all(steps.flat());
    expect(new Set(results).size).toBe(2);
    expect(await server().query('SELECT FROM crashed')).toHaveLength(1);
    await closeAll(all);
  });

  test('an acknowledgement of the claim that is lost uses no attempt', async () => {
    await replicasOpen();
    const proxy = await startProxy(server().port);
    const namespace = newNamespace();
    let cuts = 2;
    proxy.cutsAnswerTo = (sent) => sent.includes('FOR UPDATE SKIP LOCKED') && sent.includes(namespace) && cuts-- > 0;
    const [replica] = replicas(server(), 1, { namespace, url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
    const result = await replica!.once.run({ key: 'v1', attempts: 1 }, ({ attempt, fence }) => [attempt, fence])({
      name: 'step',
    });
    expect(proxy.cuts).toBe(2);
    expect(result[0]).toBe(1);
    await replica!.once.close();
    await proxy.stop();
  });

  test('an acknowledgement of the completion that is lost does not run the work again', async () => {
    await replicasOpen();
    const proxy = await startProxy(server().port);
    const namespace = newNamespace();
    proxy.cutsAnswerTo = (sent) => sent.includes('"told once"') && proxy.cuts === 0;
    const [replica] = replicas(server(), 1, { namespace, url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
    let calls = 0;
    const step = replica!.once.run({ key: 'v1', attempts: 1 }, () => (calls++, 'told once'));
    expect(await step({ name: 'step' })).toBe('told once');
    expect([proxy.cuts, calls]).toEqual([1, 1]);
    await replica!.once.close();
    await proxy.stop();
  });

  test('a black hole: the waiter goes on when it is over, and its pool is whole', async () => {
    await replicasOpen();
    const proxy = await startProxy(server().port);
    const namespace = newNamespace();
    const [leader] = replicas(server(), 1, { namespace });
    const [waiter] = replicas(server(), 1, {
      namespace,
      leaseMs: 900,
      max: 1,
      url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
    });
    const finish = deferred();
    const working = deferred();
    const first = leader!.once.run({ key: 'v1' }, async () => {
      working.resolve();
      await finish.promise;
      return 'done';
    })({ name: 'step' });
    await working.promise;
    const trouble = deferred<string>();
    const second = waiter!.once.run(
      { key: 'v1' },
      () => 'again',
    )({
      name: 'step',
      progress(_, text = '') {
        if (text.startsWith('waits for replica')) proxy.isBlackHole = true;
        if (text.startsWith('waits for Postgres')) trouble.resolve(text);
      },
    });
    expect(await trouble.promise).toMatch(/^waits for Postgres: Postgres did not answer within 500 ms/);
    proxy.isBlackHole = false;
    finish.resolve();
    expect(await second).toBe('done');
    await first;
    await closeAll([leader!, waiter!]);
    await proxy.stop();
  });

  test('postgres.js serves by its adapter', async () => {
    const sql = postgres(server().url, { max: 3, onnotice: () => {} });
    const once = postgresOnce(fromPostgresJs(sql), { namespace: newNamespace() });
    await sql`CREATE TABLE by_postgres_js (n int)`;
    const first = once.transaction({ key: 'v1' }, async (tx) => {
      await tx.sql`INSERT INTO by_postgres_js VALUES (1)`;
      await tx.query('INSERT INTO by_postgres_js VALUES ($1)', [2]);
      return { rows: 2 };
    });
    expect(await first({ name: 'a' })).toEqual({ rows: 2 });
    const second = once.run({ order: 1 }, async ({ guard }) => {
      await sql.begin(async (tx) => {
        await guard(asClient(tx));
        await tx`INSERT INTO by_postgres_js VALUES (3)`;
      });
      return 'guarded';
    });
    expect(await second({ name: 'b' })).toBe('guarded');
    expect(await sql`SELECT count(*)::int AS n FROM by_postgres_js`).toEqual([{ n: 3 }]);
    await once.close();
    await sql.end();
  });

  test("an application's own type parsers and session settings change nothing", async () => {
    // Of texts alone (25), which every use of pg relies on, the parser is left as it is.
    const types = { getTypeParser: (oid: number) => (oid === 25 ? String : () => 'not what it was') };
    const options = '-c default_transaction_isolation=serializable';
    const pool = new pg.Pool({ connectionString: server().url, types: types as never, options });
    pool.on('error', () => {});
    const once = postgresOnce(pool, { namespace: newNamespace() });
    expect(await once.transaction({ order: 3 }, (_, { fence }) => fence)({ name: 'step' })).toBe(1);
    await once.close();
    await pool.end();
  });

  async function replicasOpen(): Promise<void> {
    const all = replicas(server(), 1);
    await all[0]!.once.run({ key: 'v1' }, () => {})({ name: 'opens the tables' });
    await closeAll(all);
  }
});
