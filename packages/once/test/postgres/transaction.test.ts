import { setTimeout as delay } from 'node:timers/promises';
import { OnceError, OnceFailedError } from '../../src/index.js';
import { startLeader } from '../support/child.js';
import { describeOnPostgres } from '../support/each-postgres.js';
import { startProxy } from '../support/proxy.js';
import { closeAll, deferred, newNamespace, replicas } from '../support/replicas.js';

describeOnPostgres('transaction', (server) => {
  beforeEach(() => server().query('CREATE TABLE effect (who text, fence bigint)'));
  afterEach(() => server().query('DROP TABLE effect'));
  const effects = () => server().query('SELECT who, fence::int FROM effect');

  test('O1: ten replicas make the effect once, and all get its result', async () => {
    const all = replicas(server(), 10);
    const results = await Promise.all(
      all.map(({ once, name }) =>
        once.transaction({ key: 'v1' }, async (tx, { fence, attempt }) => {
          await tx.query('INSERT INTO effect VALUES ($1, $2)', [name, fence]);
          return { name, attempt, at: new Date(0), nothing: undefined };
        })({ name: 'migrate' }),
      ),
    );
    const rows = await effects();
    expect(rows).toHaveLength(1);
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(results[0]).toEqual({ name: rows[0]?.who, attempt: 1, at: '1970-01-01T00:00:00.000Z' });
    await closeAll(all);
  });

  test('O1: a step that throws leaves no effect; the record of its failure is a statement of its own', async () => {
    const all = replicas(server(), 1);
    const [{ once }] = all as [(typeof all)[0]];
    const step = once.transaction({ key: 'v1', attempts: 2, retryMs: 1 }, async (tx, { attempt }) => {
      await tx.query('INSERT INTO effect VALUES ($1, 0)', [String(attempt)]);
      throw new RangeError(`attempt ${attempt} is no good`);
    });
    const error = await step({ name: 'migrate' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OnceFailedError);
    expect((error as OnceFailedError).cause).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ step: 'migrate', key: 'v1', host: 'web-1', pid: process.pid, attempt: 2 });
    expect((error as Error).message).toContain('attempt 2 is no good');
    expect(await effects()).toEqual([]);
    await closeAll(all);
  });

  test('O1: a commit whose answer is lost is not made twice', async () => {
    const proxy = await startProxy(server().port);
    let cuts = 1;
    proxy.cutsAnswerTo = (sent) => sent.includes('COMMIT') && cuts-- > 0;
    const all = replicas(server(), 1, { url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
    const step = all[0]!.once.transaction({ key: 'v1' }, async (tx, { attempt }) => {
      await tx.query('INSERT INTO effect VALUES ($1, 0)', ['once']);
      return attempt;
    });
    expect(await step({ name: 'migrate' })).toBe(1);
    expect(proxy.cuts).toBe(1);
    expect(await effects()).toHaveLength(1);
    await closeAll(all);
    await proxy.stop();
  });

  test('O1: an answer that is lost anywhere else neither repeats the effect nor uses an attempt', async () => {
    const all = replicas(server(), 1);
    await all[0]!.once.run({ key: 'v0' }, () => null)({ name: 'opens the tables' });
    for (const statement of [
      'BEGIN',
      'FOR UPDATE OF s',
      'INSERT INTO effect',
      'pg_current_xact_id()::text AS json',
      'INSERT INTO "bootstrap_once".run',
    ]) {
      const proxy = await startProxy(server().port);
      let cuts = 1;
      proxy.cutsAnswerTo = (sent) => sent.includes(statement) && cuts-- > 0;
      const namespace = newNamespace();
      const [cut] = replicas(server(), 1, { namespace, url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
      const step = cut!.once.transaction({ key: 'v1', attempts: 1 }, async (tx, { attempt }) => {
        await tx.query('INSERT INTO effect VALUES ($1, 0)', [statement]);
        return attempt;
      });
      expect(await step({ name: 'migrate' })).toBe(1);
      expect(proxy.cuts).toBe(1);
      expect((await effects()).filter(({ who }) => who === statement)).toHaveLength(1);
      await cut!.once.close();
      await proxy.stop();
    }
    await closeAll(all);
  });

  test('O1: a step that ends its transaction itself fails, with words, and is not tried again', async () => {
    const all = replicas(server(), 1);
    let calls = 0;
    const step = all[0]!.once.transaction({ key: 'v1' }, async (tx) => {
      calls++;
      await tx.query('COMMIT');
    });
    const error = (await step({ name: 'migrate' }).catch((thrown: unknown) => thrown)) as OnceFailedError;
    expect(error).toBeInstanceOf(OnceFailedError);
    expect(error.cause).toMatchObject({ code: 'ERR_ONCE_TRANSACTION' });
    expect(error.message).toContain('has ended its transaction itself');
    expect(calls).toBe(1);
    await closeAll(all);
  });

  test('O1: a failed statement that the step swallows is a failure, not an empty commit', async () => {
    const all = replicas(server(), 1);
    const step = all[0]!.once.transaction({ key: 'v1', attempts: 1 }, async (tx) => {
      await tx.query('INSERT INTO effect VALUES ($1, 0)', ['lost']);
      await tx.query('SELECT no_such_column').catch(() => {});
    });
    const error = (await step({ name: 'migrate' }).catch((thrown: unknown) => thrown)) as OnceFailedError;
    expect(error.message).toContain('SAVEPOINT');
    expect(await effects()).toEqual([]);
    await closeAll(all);
  });

  test('O1: a constraint that fails at the commit is a failure of the step', async () => {
    await server().query('CREATE TABLE unique_later (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
    const all = replicas(server(), 1);
    const step = all[0]!.once.transaction({ key: 'v1', attempts: 1 }, async (tx) => {
      await tx.query('INSERT INTO unique_later VALUES (1), (1)');
    });
    await expect(step({ name: 'migrate' })).rejects.toThrow(/duplicate key/);
    await server().query('DROP TABLE unique_later');
    await closeAll(all);
  });

  test('O4: with a pool of one, nobody takes over however long the transaction pauses', async () => {
    // A loop that stands still for a lease ends the transaction: the lease is long enough for a busy machine.
    const all = replicas(server(), 2, { max: 1, leaseMs: 1_500 });
    const working = deferred();
    const [first, second] = all.map(({ once, name }) =>
      once.transaction({ key: 'v1' }, async (tx, { fence, signal }) => {
        await tx.query('INSERT INTO effect VALUES ($1, $2)', [name, fence]);
        working.resolve();
        await delay(4_000);
        return signal.aborted;
      }),
    );
    const leader = first!({ name: 'migrate' });
    await working.promise;
    const waiter = second!({ name: 'migrate' });
    expect(await leader).toBe(false);
    expect(await waiter).toBe(false);
    expect(await effects()).toEqual([{ who: 'web-1', fence: 1 }]);
    await closeAll(all);
  });

  test.each(['transaction-hang', 'transaction-sleep'] as const)(
    'O3: a leader that is killed in its transaction (%s) is succeeded, and the effect is there once',
    async (act) => {
      const namespace = newNamespace();
      const leader = startLeader({ url: server().url, namespace, name: 'web-9', leaseMs: 500, act });
      await leader.says('working');
      const all = replicas(server(), 1, { namespace, leaseMs: 500 });
      const texts: string[] = [];
      const waiting = deferred();
      const result = all[0]!.once.transaction({ key: 'v1' }, async (tx, { fence, attempt }) => {
        await tx.query('INSERT INTO effect VALUES ($1, $2)', ['web-1', fence]);
        return attempt;
      })({
        name: 'step',
        progress: (_, text) => {
          if (text) texts.push(text);
          waiting.resolve();
        },
      });
      await waiting.promise;
      leader.process.kill('SIGKILL');
      expect(await result).toBe(2);
      expect(texts[0]).toMatch(/^waits for replica web-9, attempt 1, since \d\d:\d\d:\d\dZ$/);
      expect(await effects()).toEqual([{ who: 'web-1', fence: 2 }]);
      await closeAll(all);
    },
  );

  test('O3: a leader that stands still in its transaction is succeeded; continued, it gets the result of the other one', async () => {
    const namespace = newNamespace();
    const leader = startLeader({ url: server().url, namespace, name: 'web-9', leaseMs: 500, act: 'transaction-pause' });
    await leader.says('working');
    leader.process.kill('SIGSTOP');
    const all = replicas(server(), 1, { namespace, leaseMs: 500 });
    const step = all[0]!.once.transaction({ key: 'v1' }, async (tx, { fence }) => {
      await tx.query('INSERT INTO effect VALUES ($1, $2)', ['web-1', fence]);
      return 'web-1';
    });
    expect(await step({ name: 'step' })).toBe('web-1');
    leader.process.kill('SIGCONT');
    await leader.says('result web-1');
    expect(await leader.exited).toEqual({ code: 0, signal: null });
    expect(await effects()).toEqual([{ who: 'web-1', fence: 2 }]);
    await closeAll(all);
  });

  test('O1: a transient error of its own connection repeats the step without using an attempt', async () => {
    const all = replicas(server(), 1);
    let calls = 0;
    const step = all[0]!.once.transaction({ key: 'v1', attempts: 1, retryMs: 1 }, async (tx, { attempt }) => {
      if (++calls < 3) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'try again' USING ERRCODE = '40001'; END $$`);
      return attempt;
    });
    expect(await step({ name: 'migrate' })).toBe(1);
    expect(calls).toBe(3);
    await closeAll(all);
  });

  test('O1: a transient error from elsewhere uses an attempt', async () => {
    const all = replicas(server(), 1);
    const step = all[0]!.once.transaction({ key: 'v1', attempts: 1 }, () => {
      throw Object.assign(new Error('another database'), { code: '40001' });
    });
    await expect(step({ name: 'migrate' })).rejects.toThrow(/another database/);
    await closeAll(all);
  });

  test('a pool whose connect gives no client is refused, with what was probably meant', async () => {
    const { postgresOnce } = await import('../../src/postgres.js');
    const once = postgresOnce({ connect: async () => undefined } as never, { namespace: 'x' });
    await expect(once.run({ key: 'v1' }, () => 1)({ name: 'step' })).rejects.toThrow(/single Client cannot serve/);
    expect(new OnceError('ERR_ONCE_STORE', 'x')).toBeInstanceOf(Error);
    await once.close();
  });
});
