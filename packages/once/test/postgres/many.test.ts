import { postgresOnce } from '../../src/postgres.js';
import { describeOnPostgres } from '../support/each-postgres.js';
import { startPgBouncer, type PgBouncer } from '../support/pgbouncer.js';
import { pgbouncer } from '../support/programs.js';
import { closeAll, deferred, newNamespace, replicas, until } from '../support/replicas.js';

describeOnPostgres('many replicas', (server) => {
  test('O4: three hundred replicas create the tables at once', async () => {
    const all = replicas(server(), 300, { max: 1, schema: 'created_by_many' });
    let calls = 0;
    const results = await Promise.all(all.map(({ once }) => once.run({ key: 'v1' }, () => ++calls)({ name: 'step' })));
    expect(results.every((result) => result === 1)).toBe(true);
    expect(calls).toBe(1);
    await closeAll(all);
    await Promise.all(all.map(({ pool }) => pool.end()));
  });

  test('O4: a role without CREATE is told what to run, and works once a DBA has run it', async () => {
    const schema = 'made_by_dba';
    await server().query('CREATE ROLE application LOGIN');
    await server().query('CREATE ROLE reader LOGIN');
    const pool = server().pool(2, server().url.replace('postgres@', 'application@'));
    const once = postgresOnce(pool, { namespace: 'dba', schema });
    const step = once.run({ key: 'v1' }, () => 'done');
    await expect(step({ name: 'step' })).rejects.toThrow(
      /no permission for schema "made_by_dba": permission denied.* Run the statements that once.sql\(\) gives/,
    );
    const strict = postgresOnce(pool, { namespace: 'dba', schema, create: false });
    await expect(strict.run({ key: 'v1' }, () => 1)({ name: 'step' })).rejects.toThrow(
      /has no tables, and create is false/,
    );

    await server().query(
      once
        .sql()
        .replace(/-- GRANT/g, 'GRANT')
        .replace(/-- .*/g, ''),
    );
    expect(await step({ name: 'step' })).toBe('done');
    expect(await strict.run({ key: 'v1' }, () => 1)({ name: 'step' })).toBe('done');

    const reader = postgresOnce(server().pool(1, server().url.replace('postgres@', 'reader@')), {
      namespace: 'dba',
      schema,
    });
    await expect(reader.run({ key: 'v1' }, () => 1)({ name: 'step' })).rejects.toThrow(
      /permission denied.*grant what they end with/,
    );
    await Promise.all([once.close(), strict.close(), reader.close()]);
  });

  test.each([
    [2, /is of version 2, and this release needs 1. A newer release/],
    [0, /is of version 0, and this release needs 1. Use another schema/],
    [null, /holds no version/],
  ])('tables of version %s are refused', async (version, message) => {
    const schema = `version_${version}`;
    await server().query(`CREATE SCHEMA ${schema}`);
    await server().query(`CREATE TABLE ${schema}.meta (version int)`);
    await server().query(`INSERT INTO ${schema}.meta VALUES ($1)`, [version]);
    const all = replicas(server(), 1, { schema });
    const error = (await all[0]!.once
      .run(
        { key: 'v1' },
        () => 1,
      )({ name: 'step' })
      .catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ name: 'OnceError', code: 'ERR_ONCE_STORE' });
    expect(error.message).toMatch(message);
    await closeAll(all);
  });

  test('O2: a thousand waiters make at most 600 queries a second, and hold no connection', async () => {
    const namespace = newNamespace();
    const [leader] = replicas(server(), 1, { namespace });
    const working = deferred();
    const finish = deferred();
    const first = leader!.once.run({ key: 'v1' }, async () => {
      working.resolve();
      await finish.promise;
      return 'done';
    })({ name: 'step' });
    await working.promise;

    const pool = server().pool(20);
    let queries = 0;
    let most = 0;
    const connect = pool.connect.bind(pool);
    const counting = { connect: () => (queries++, connect()) };
    const waiters = Array.from({ length: 1_000 }, () => postgresOnce(counting, { namespace }));
    const waits = waiters.map((once) => once.run({ key: 'v1' }, () => 'again')({ name: 'step' }));
    await until(() => queries >= 11_000); // the first polls come closer together
    queries = 0;
    const begun = performance.now();
    let connections = 0;
    let samples = 0;
    await until(() => {
      most = Math.max(most, pool.totalCount - pool.idleCount);
      connections += pool.totalCount - pool.idleCount;
      return ++samples >= 300;
    });
    const perSecond = queries / ((performance.now() - begun) / 1_000);
    expect(perSecond).toBeLessThanOrEqual(600);
    expect(connections / samples).toBeLessThan(20);
    finish.resolve();
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['done']));
    await first;
    await Promise.all([leader!.once.close(), ...waiters.map((once) => once.close())]);
  });

  test('O5: a deployment that is rolled back runs nothing again, and two versions never run at once', async () => {
    const all = replicas(server(), 2);
    const [old, fresh] = all.map(({ once }) => once);
    const ran: string[] = [];
    let running = 0;
    const work = (version: string) => async () => {
      expect(++running).toBe(1);
      await server().query('SELECT pg_sleep(0.3)');
      running--;
      ran.push(version);
      return version;
    };
    const texts: (string | undefined)[] = [];
    const progress = (_: number, text?: string): void => void texts.push(text);
    const context = { name: 'schema', progress };
    // A rolling deployment: replicas of both versions start together.
    const [v1, v2] = [old!.run({ order: 1 }, work('v1')), fresh!.run({ order: 2 }, work('v2'))];
    await Promise.all([v1(context), v2(context)]);
    expect(ran).toContain('v2');
    expect(new Set(ran).size).toBe(ran.length);
    const before = ran.length;
    // Rolled back: v1 starts again, its own result is there, or v2 satisfies it.
    expect(await old!.run({ order: 1 }, work('v1 again'))(context)).toBe(ran.includes('v1') ? 'v1' : undefined);
    // A version in between was never run, and must not be.
    expect(await old!.run({ order: 0 }, work('v0'))(context)).toBeUndefined();
    expect(texts).toContain('a newer version (order 2) is done: there is nothing to run');
    expect(await fresh!.run({ order: 2 }, work('v2 again'))(context)).toBe('v2');
    expect(ran).toHaveLength(before);
    expect(await fresh!.run({ order: 3, key: 'v3' }, work('v3'))(context)).toBe('v3');
    await closeAll(all);
  });

  test('a key that is changed and changed back does not run again', async () => {
    const all = replicas(server(), 1);
    const ran: string[] = [];
    for (const key of ['a', 'b', 'a']) await all[0]!.once.run({ key }, () => ran.push(key))({ name: 'step' });
    expect(ran).toEqual(['a', 'b']);
    await closeAll(all);
  });
});

describeOnPostgres(
  'behind PgBouncer in transaction mode',
  (server) => {
    let bouncer: PgBouncer;
    beforeAll(async () => (bouncer = await startPgBouncer(pgbouncer!, server().port, 1)));
    afterAll(() => bouncer.stop());

    test('O4: with one connection to the server for all, a transaction that pauses longer than the lease is the only one', async () => {
      const all = replicas(server(), 5, { max: 1, leaseMs: 300, url: bouncer.url, schema: 'bouncer' });
      await server().query('CREATE TABLE paused (who text)');
      const results = await Promise.all(
        all.map(({ once, name }) =>
          once.transaction({ key: 'v1' }, async (tx) => {
            await tx.query('INSERT INTO paused VALUES ($1)', [name]);
            await new Promise((resolve) => setTimeout(resolve, 1_000));
            return name;
          })({ name: 'step' }),
        ),
      );
      expect(new Set(results).size).toBe(1);
      expect(await server().query('SELECT who FROM paused')).toEqual([{ who: results[0] }]);
      await closeAll(all);
    });

    test('O4: run with short guarded transactions, and settings that end with them', async () => {
      const all = replicas(server(), 5, { max: 1, leaseMs: 1_500, url: bouncer.url, schema: 'bouncer' });
      const results = await Promise.all(
        all.map(({ once, name, pool }) =>
          once.run({ key: 'v1' }, async ({ guard }) => {
            for (let part = 0; part < 5; part++) {
              const client = await pool.connect();
              await client.query('BEGIN');
              await guard(client);
              await client.query('SELECT pg_sleep(0.1)');
              await client.query('COMMIT');
              client.release();
            }
            return name;
          })({ name: 'step' }),
        ),
      );
      expect(new Set(results).size).toBe(1);
      const { rows } = await all[0]!.pool.query(`SELECT current_setting('application_name') AS name`);
      expect(rows[0].name).not.toContain('once/');
      await closeAll(all);
    });
  },
  { pgbouncer },
);
