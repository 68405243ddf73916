import { OnceFailedError } from '../../src/index.js';
import { startLeader } from '../support/child.js';
import { describeOnPostgres } from '../support/each-postgres.js';
import { startProxy } from '../support/proxy.js';
import { closeAll, deferred, newNamespace, replicas, until } from '../support/replicas.js';

describeOnPostgres('run', (server) => {
  beforeEach(() => server().query('CREATE TABLE effect (id serial, who text, fence bigint)'));
  afterEach(() => server().query('DROP TABLE effect'));

  test('O1: one execution at a time, and one result for all', async () => {
    const all = replicas(server(), 10);
    let running = 0;
    let calls = 0;
    const results = await Promise.all(
      all.map(({ once, name, pool }) =>
        once.run({ key: 'v1' }, async () => {
          calls++;
          expect(++running).toBe(1);
          await pool.query('SELECT pg_sleep(0.2)');
          running--;
          return name;
        })({ name: 'index' }),
      ),
    );
    expect(calls).toBe(1);
    expect(new Set(results).size).toBe(1);
    await closeAll(all);
  });

  test('O1: calls of one replica take turns: its own session is no reason to claim a step that it holds', async () => {
    const all = replicas(server(), 1, { max: 4 });
    const [{ once, pool }] = all as [(typeof all)[0]];
    let calls = 0;
    const step = once.run({ key: 'v1' }, async () => {
      await pool.query('SELECT pg_sleep(0.2)');
      return ++calls;
    });
    expect(await Promise.all([1, 2, 3, 4, 5].map(() => step({ name: 'index' })))).toEqual([1, 1, 1, 1, 1]);
    await closeAll(all);
  });

  test('O1, O3: a frozen leader is succeeded; continued, its late write and its completion are refused', async () => {
    const namespace = newNamespace();
    const leader = startLeader({ url: server().url, namespace, name: 'web-9', leaseMs: 2_000, act: 'late' });
    await until(async () => (await server().query('SELECT FROM effect')).length > 1);
    leader.process.kill('SIGSTOP');
    const all = replicas(server(), 1, { namespace, leaseMs: 2_000 });
    const step = all[0]!.once.run({ key: 'v1' }, async ({ fence, attempt }) => {
      await server().query('INSERT INTO effect (who, fence) VALUES ($1, $2)', ['web-1', fence]);
      return attempt;
    });
    const attempt = await step({ name: 'step' });
    expect(attempt).toBeGreaterThan(1);
    leader.process.kill('SIGCONT');
    await leader.says('refused');
    await leader.says(`result ${attempt}`);
    expect(await leader.exited).toEqual({ code: 0, signal: null });
    const fences = (await server().query('SELECT fence::int FROM effect ORDER BY id')).map(({ fence }) => fence);
    expect(fences).toEqual([...fences].sort());
    await closeAll(all);
  });

  test('O1: the database refuses a guard while the successor is at work, although this replica has noticed nothing', async () => {
    const all = replicas(server(), 2);
    const [first, second] = all as [(typeof all)[0], (typeof all)[0]];
    const [working, succeeded] = [deferred(), deferred()];
    const refused = deferred<unknown>();
    const late = first.once.run({ key: 'v1' }, async ({ guard, signal, fence }) => {
      working.resolve();
      await succeeded.promise;
      const client = await first.pool.connect();
      await client.query('BEGIN');
      const error = await guard(client).then(
        () => 'not refused',
        (thrown: { code: string }) => thrown.code,
      );
      client.release(true);
      refused.resolve({ error, hasNoticed: signal.aborted, fence });
    });
    const result = late({ name: 'step' });
    await working.promise;
    await server().query(
      `UPDATE bootstrap_once.replica SET ended_at = now() WHERE host = 'web-1' AND ended_at IS NULL`,
    );
    const heir = second.once.run({ key: 'v1' }, async ({ fence }) => {
      succeeded.resolve();
      await refused.promise;
      return fence;
    });
    expect(await heir({ name: 'step' })).toBe(2);
    expect(await refused.promise).toEqual({ error: 'ERR_ONCE_FENCED', hasNoticed: false, fence: 1 });
    // Its own completion is refused, too: it gets the result of the successor.
    expect(await result).toBe(2);
    await closeAll(all);
  });

  test('O3: attempts count across replicas and take-overs: a leader that dies each time stops', async () => {
    const namespace = newNamespace();
    const settings = { url: server().url, namespace, leaseMs: 400, attempts: 3, act: 'die' as const };
    for (let attempt = 1; attempt <= 3; attempt++) {
      const leader = startLeader({ ...settings, name: `web-${attempt}` });
      expect((await leader.exited).signal).toBe('SIGKILL');
      expect(leader.lines).toEqual([`working ${attempt}`]);
    }
    const all = replicas(server(), 2, { namespace, leaseMs: 400 });
    let calls = 0;
    for (const { once } of all) {
      const step = once.run({ key: 'v1', attempts: 3 }, () => calls++);
      const error = (await step({ name: 'step' }).catch((thrown: unknown) => thrown)) as OnceFailedError;
      expect(error).toBeInstanceOf(OnceFailedError);
      expect(error).toMatchObject({ host: 'web-3', attempt: 3 });
      expect(error.message).toContain('ended or stood still during attempt 3');
    }
    expect(calls).toBe(0);
    await all[0]!.once.forget('step', 'v1');
    expect(await all[0]!.once.run({ key: 'v1' }, ({ attempt }) => attempt)({ name: 'step' })).toBe(1);
    await closeAll(all);
  });

  test('O2: a failure is told to all, with host, attempt, code and causes, also to those that start later', async () => {
    const all = replicas(server(), 3);
    const texts: string[] = [];
    let calls = 0;
    const step = ({ once }: (typeof all)[0]) =>
      once.run({ key: 'v1', attempts: 2, retryMs: 400 }, () => {
        calls++;
        const cause = Object.assign(new Error('relation "city" does not exist'), { code: '42P01' });
        throw new TypeError('the index cannot be built', { cause });
      });
    const progress = (_: number, text?: string): void => void texts.push(text ?? '');
    const [first, second] = all.slice(0, 2).map((replica) => step(replica)({ name: 'index', progress }));
    const settled = await Promise.allSettled([first, second]);
    settled.push(...(await Promise.allSettled([step(all[2]!)({ name: 'index' })])));
    expect(calls).toBe(2);
    for (const result of settled) {
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(OnceFailedError);
      expect(reason.message).toMatch(
        /^step "index" \(key "v1"\) failed on replica web-[12] \(pid \d+\), attempt 2: the index cannot be built/,
      );
      expect(reason.cause).toMatchObject({ name: 'TypeError', message: 'the index cannot be built' });
      expect(reason.cause.stack).toContain('run.test.ts');
      expect(reason.cause.cause).toMatchObject({ message: 'relation "city" does not exist', code: '42P01' });
    }
    expect(texts).toContainEqual(
      expect.stringMatching(/^waits for the next attempt: attempt 1 failed on web-[12]: the index cannot be built$/),
    );
    await closeAll(all);
  });

  test('O2: a waiting replica shows for whom it waits, how far that is, and what came before', async () => {
    const namespace = newNamespace();
    const dead = startLeader({ url: server().url, namespace, name: 'web-8', leaseMs: 600, act: 'die' });
    await dead.exited;
    const all = replicas(server(), 2, { namespace, leaseMs: 600 });
    const seen = deferred();
    const leader = all[0]!.once.run({ key: 'v1' }, async ({ progress }) => {
      progress(0.41, '41 of 100');
      await seen.promise;
    })({ name: 'step' });
    await until(
      async () =>
        (await server().query(`SELECT FROM bootstrap_once.step WHERE namespace = $1 AND fence = 2`, [namespace]))
          .length > 0,
    );
    const waitsFor: unknown[] = [];
    const waiter = all[1]!.once.run({ key: 'v1' }, () => {})({
      name: 'step',
      progress(fraction, text) {
        if (
          fraction === 0.41 &&
          /^waits for replica web-1, attempt 2, 41 % \(41 of 100\), since [\d:]+Z: web-8 died$/.test(text ?? '')
        )
          seen.resolve();
      },
      waitsFor: (what) => waitsFor.push(what && what.name),
    });
    await leader;
    await waiter;
    expect([...new Set(waitsFor)]).toEqual(['web-1', null]);
    await closeAll(all);
  });

  test('O3: the signal fires before another replica takes over, when the store is lost', async () => {
    const proxy = await startProxy(server().port);
    const namespace = newNamespace();
    const options = { namespace, leaseMs: 900 };
    const [cut] = replicas(server(), 1, { ...options, url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` });
    const [other] = replicas(server(), 1, options);
    const working = deferred<AbortSignal>();
    const first = cut!.once.run({ key: 'v1' }, async ({ signal }) => {
      working.resolve(signal);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    })({ name: 'step' });
    const signal = await working.promise;
    proxy.isBlackHole = true;
    const second = await other!.once.run({ key: 'v1' }, () => signal.aborted)({ name: 'step' });
    expect(second).toBe(true);
    expect(signal.reason).toMatchObject({ code: 'ERR_ONCE_FENCED' });
    proxy.isBlackHole = false;
    expect(await first).toBe(true);
    await closeAll([cut!, other!]);
    await proxy.stop();
  });

  test('O3: execSync that blocks the loop beyond the lease keeps it with a worker thread, and is named without', async () => {
    const outcome = async (connectionString?: string) => {
      const namespace = newNamespace();
      const base = { url: server().url, namespace, leaseMs: 600 };
      const leader = startLeader({
        ...base,
        name: 'web-9',
        act: 'block',
        blockSeconds: 2,
        ...(connectionString && { connectionString }),
      });
      await leader.says('working');
      const all = replicas(server(), 1, { namespace, leaseMs: 600 });
      const result = await all[0]!.once.run({ key: 'v1' }, () => 'web-1')({ name: 'step' });
      await leader.exited;
      await closeAll(all);
      return { result, lines: leader.lines };
    };
    const kept = await outcome(server().url);
    expect(kept).toEqual({ result: 'web-9', lines: ['working 1', 'result web-9'] });
    const lost = await outcome();
    expect(lost.result).toBe('web-1');
    expect(lost.lines).toContain('result web-1');
    expect(lost.lines).toContain('warning ONCE_LOOP_BLOCKED');
  });

  test('a guard outside a transaction, or on a pool, is refused', async () => {
    const all = replicas(server(), 1);
    const [{ once, pool }] = all as [(typeof all)[0]];
    const attempt = (tx: unknown) =>
      once.run({ key: String(Math.random()), attempts: 1 }, ({ guard }) => guard(tx as never))({ name: 'step' });
    await expect(attempt(pool)).rejects.toThrow(/on the one client that has sent BEGIN/);
    const client = await pool.connect();
    await expect(attempt(client)).rejects.toThrow(/Was it given a pool/);
    client.release();
    await expect(attempt({})).rejects.toThrow(/expects what has query/);
    await closeAll(all);
  });

  test('two guarded transactions at once both commit, and completion waits for those that are open', async () => {
    const all = replicas(server(), 1, { max: 4 });
    const [{ once, pool }] = all as [(typeof all)[0]];
    const open = deferred();
    const step = once.run({ key: 'v1' }, async ({ guard, fence }) => {
      const clients = await Promise.all([pool.connect(), pool.connect()]);
      for (const client of clients) {
        await client.query('BEGIN');
        await guard(client);
        await client.query('INSERT INTO effect (who, fence) VALUES ($1, $2)', ['web-1', fence]);
      }
      await clients[0]!.query('COMMIT');
      setTimeout(() => void clients[1]!.query('COMMIT').then(() => open.resolve()), 300);
      void open.promise.then(() => clients.forEach((client) => client.release()));
      return fence;
    });
    expect(await step({ name: 'step' })).toBe(1);
    expect(await server().query('SELECT FROM effect')).toHaveLength(2);
    await closeAll(all);
  });

  test('CREATE INDEX CONCURRENTLY by the leader ends, with nine replicas waiting', async () => {
    const all = replicas(server(), 10);
    const results = await Promise.all(
      all.map(({ once, pool }) =>
        once.run({ key: 'v1', attempts: 1 }, async () => {
          await pool.query('SELECT pg_sleep(1)');
          await pool.query('CREATE INDEX CONCURRENTLY IF NOT EXISTS effect_who ON effect (who)');
          return 'built';
        })({ name: 'index' }),
      ),
    );
    expect(new Set(results)).toEqual(new Set(['built']));
    await closeAll(all);
  });

  test.each([
    ['too large', () => 'x'.repeat(65_536), /65538 bytes as JSON, more than the limit of 65536/],
    ['not JSON', () => 1n, /is not JSON: Do not know how to serialize a BigInt/],
    ['a function', () => () => {}, /is not JSON: a function has no JSON text/],
    [
      'a cycle',
      () => {
        const a: { a?: unknown } = {};
        a.a = a;
        return a;
      },
      /is not JSON: Converting circular structure/,
    ],
  ])('a result that is %s is a clear error at once, not five attempts', async (_, result, message) => {
    const all = replicas(server(), 1);
    let calls = 0;
    const step = all[0]!.once.run({ key: 'v1' }, () => (calls++, result()));
    await expect(step({ name: 'step' })).rejects.toThrow(message);
    expect(calls).toBe(1);
    await closeAll(all);
  });

  test('close fires the signal, waits for the work, gives the step back without using an attempt, and ends the session', async () => {
    const all = replicas(server(), 2);
    const working = deferred();
    const events: string[] = [];
    const call = all[0]!.once.run({ key: 'v1', attempts: 1 }, async ({ signal }) => {
      working.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 100));
      events.push('settled');
      throw signal.reason;
    })({ name: 'step' });
    void call.catch(() => events.push('rejected'));
    await working.promise;
    await all[0]!.once.close();
    expect(events).toEqual(['settled', 'rejected']);
    await expect(call).rejects.toMatchObject({ code: 'ERR_ONCE_CLOSED' });
    expect(
      await all[1]!.once.run({ key: 'v1', attempts: 1 }, ({ attempt, fence }) => [attempt, fence])({ name: 'step' }),
    ).toEqual([1, 2]);
    const live = await server().query(
      `SELECT FROM bootstrap_once.replica WHERE ended_at IS NULL AND pid = ${process.pid}`,
    );
    expect(live).toEqual([]);
    await closeAll(all);
  });

  test('a step that timed out keeps its claim until its work has settled', async () => {
    const all = replicas(server(), 2);
    const limit = new AbortController();
    const working = deferred();
    const finish = deferred();
    const call = all[0]!.once.run({ key: 'v1' }, async () => {
      working.resolve();
      await finish.promise;
      return 'late';
    })({ name: 'step', signal: limit.signal });
    await working.promise;
    limit.abort(new DOMException('the step took too long', 'TimeoutError'));
    const waits = deferred();
    const other = all[1]!.once.run({ key: 'v1' }, () => 'other')({ name: 'step', progress: () => waits.resolve() });
    await waits.promise;
    finish.resolve();
    expect(await call).toBe('late');
    expect(await other).toBe('late');
    await closeAll(all);
  });
});
