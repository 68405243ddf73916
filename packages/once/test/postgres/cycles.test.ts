import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { OnceDeadlockError, type OnceEvent, type OnceFailedError } from '../../src/index.js';
import { describeOnPostgres } from '../support/each-postgres.js';
import { closeAll, deferred, newNamespace, replicas, until } from '../support/replicas.js';

describeOnPostgres('cycles across replicas', (server) => {
  test('O6: two replicas that hold one step each and wait for the other one: one wait is refused, with names and places', async () => {
    const all = replicas(server(), 2);
    const bothHold = [deferred(), deferred()];
    const crossing = (i: number, mine: string, other: string) => {
      const { once } = all[i]!;
      const inner = once.run({ key: 'v1', attempts: 1 }, () => `${other} by ${all[i]!.name}`);
      return once.run({ key: 'v1', attempts: 1 }, async () => {
        bothHold[i]!.resolve();
        await Promise.all(bothHold.map(({ promise }) => promise));
        return inner({ name: other });
      })({ name: mine });
    };
    const begun = performance.now();
    const settled = await Promise.allSettled([crossing(0, 'a', 'b'), crossing(1, 'b', 'a')]);
    // The rule is a time: named within five seconds, with the default lease.
    expect(performance.now() - begun).toBeLessThan(5_000);
    const failed = settled.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as OnceFailedError] : [],
    );
    const causes = failed.map(({ cause }) => cause).filter((cause) => cause instanceof OnceDeadlockError);
    expect(causes).toHaveLength(1);
    const [error] = causes as [OnceDeadlockError];
    expect(error.code).toBe('ERR_ONCE_DEADLOCK');
    expect(error.cycle.map(({ step, host, waitsFor }) => [step, host, waitsFor].join(' ')).sort()).toEqual([
      'a web-1 b',
      'b web-2 a',
    ]);
    expect(error.message).toMatch(/"a" on web-1 \(pid \d+\) waits for "b" since .*cycles\.test\.ts/);
    await closeAll(all);
  });

  test('O6: a step that waits for itself is refused at once', async () => {
    const all = replicas(server(), 1);
    const { once } = all[0]!;
    const step = once.run({ key: 'v1', attempts: 1 }, async (): Promise<unknown> => step({ name: 'a' }));
    await expect(step({ name: 'a' })).rejects.toThrow(/"a" on web-1 .* waits for "a"/);
    await closeAll(all);
  });

  test('O6: two steps of one replica that wait for each other are a cycle, too', async () => {
    const all = replicas(server(), 1, { leaseMs: 2_000 });
    const { once } = all[0]!;
    const hold = [deferred(), deferred()];
    const step = (i: number, other: string) =>
      once.run({ key: 'v1', attempts: 1 }, async () => {
        hold[i]!.resolve();
        await Promise.all(hold.map(({ promise }) => promise));
        return once.run({ key: 'v1', attempts: 1 }, () => 1)({ name: other });
      });
    const settled = await Promise.allSettled([step(0, 'b')({ name: 'a' }), step(1, 'a')({ name: 'b' })]);
    const deadlocks = settled.filter(
      (result) => result.status === 'rejected' && (result.reason as OnceFailedError).cause instanceof OnceDeadlockError,
    );
    expect(deadlocks).toHaveLength(1);
    await closeAll(all);
  });

  test('O6: three replicas in a ring; after the verdict the others finish', async () => {
    const all = replicas(server(), 3, { leaseMs: 2_000 });
    const hold = all.map(() => deferred());
    const names = ['a', 'b', 'c'];
    const settled = await Promise.allSettled(
      all.map(({ once }, i) =>
        once.run({ key: 'v1', attempts: 3, retryMs: 1 }, async ({ attempt }) => {
          if (attempt > 1) return 'again';
          hold[i]!.resolve();
          await Promise.all(hold.map(({ promise }) => promise));
          return once.run({ key: 'v1', attempts: 3 }, () => 'inner')({ name: names[(i + 1) % 3]! });
        })({ name: names[i]! }),
      ),
    );
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await closeAll(all);
  });

  test('O6: a thousand slow waits of held steps are no verdict', async () => {
    const namespace = newNamespace();
    const [leader] = replicas(server(), 1, { namespace });
    const slow = Array.from({ length: 10 }, (_, i) => `slow-${i}`);
    const holding = slow.map(() => deferred());
    const finish = deferred();
    const led = slow.map((name, i) =>
      leader!.once.run({ key: 'v1' }, async () => {
        holding[i]!.resolve();
        await finish.promise;
      })({ name }),
    );
    await Promise.all(holding.map(({ promise }) => promise));
    const all = replicas(server(), 25, { namespace, max: 2 });
    let deadlocks = 0;
    const onEvent = (event: unknown): void => void (deadlocks += Number((event as OnceEvent).type === 'deadlock'));
    subscribe('bootstrap-gate.once', onEvent);
    let waits = 0;
    const held = all.flatMap(({ once, name }) =>
      Array.from({ length: 4 }, (_, n) =>
        once.run({ key: 'v1' }, async () => {
          await Promise.all(
            slow.map((step) => {
              waits++;
              return once.run({ key: 'v1' }, () => {})({ name: step });
            }),
          );
        })({ name: `${name}-${n}` }),
      ),
    );
    await until(() => waits === 1_000);
    await server().query('SELECT pg_sleep(4)');
    finish.resolve();
    await Promise.all([...led, ...held]);
    unsubscribe('bootstrap-gate.once', onEvent);
    expect(deadlocks).toBe(0);
    await closeAll([leader!, ...all]);
  });

  test('O6: a row lock inside the cycle is a warning, because the statement may still time out', async () => {
    await server().query('CREATE TABLE locked AS SELECT 1 AS n');
    const all = replicas(server(), 2);
    const [a, b] = all;
    const events: OnceEvent[] = [];
    const onEvent = (event: unknown): void => void events.push(event as OnceEvent);
    subscribe('bootstrap-gate.once', onEvent);
    const aHolds = deferred();
    const bWaits = deferred();
    const end = new AbortController();
    const first = a!.once.transaction({ key: 'v1', attempts: 1 }, async (tx) => {
      await tx.query('SELECT FROM locked FOR UPDATE');
      aHolds.resolve();
      await bWaits.promise;
      await a!.once.run({ key: 'v1' }, () => {})({ name: 'b', signal: end.signal });
    })({ name: 'a' });
    const second = (async () => {
      await aHolds.promise;
      await b!.once.transaction({ key: 'v1', attempts: 1 }, async (tx) => {
        bWaits.resolve();
        await tx.query('SELECT FROM locked FOR UPDATE');
      })({ name: 'b' });
    })();
    await until(() => events.some(({ type }) => type === 'lock-wait'));
    end.abort(new Error('given up'));
    await expect(first).rejects.toThrow(/given up/);
    await second;
    unsubscribe('bootstrap-gate.once', onEvent);
    expect(events.find(({ type }) => type === 'lock-wait')?.text).toMatch(
      /step "a" waits for step "b".*a statement of "b"/,
    );
    await server().query('DROP TABLE locked');
    await closeAll(all);
  });
});
