import { createGate } from 'bootstrap-gate';
import { describeOnPostgres } from './support/each-postgres.js';
import { closeAll, deferred, replicas, until } from './support/replicas.js';

describeOnPostgres('steps of a gate', (server) => {
  test('O2: a waiting replica shows in its report and in the stall warning for whom it waits and how far that is', async () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const all = replicas(server(), 2, { leaseMs: 600 });
    const finish = deferred();
    const gates = all.map(({ once, name }) =>
      createGate({
        name,
        stallAfterMs: 1_000,
        bootstrap: (boot) =>
          boot.step(
            'index',
            once.run({ key: 'v1' }, async ({ progress }) => {
              progress(0.41, 'rows');
              await finish.promise;
              return { by: name };
            }),
          ),
      }),
    );
    const ready = gates.map((gate) => gate.ensureReady());
    const texts = () => gates.map((gate) => gate.report().attempts.at(-1)?.steps[0]?.progress?.text ?? '');
    await until(() =>
      texts().some((text) => /^waits for replica web-[12], attempt 1, 41 % \(rows\), since/.test(text)),
    );
    expect(texts()).toContain('rows');
    const [leader, waiter] = texts()[0] === 'rows' ? gates : [...gates].reverse();
    const waits = waiter!.report().attempts.at(-1)?.steps[0]?.waitsFor;
    expect(waits).toEqual([
      { kind: 'replica', name: leader!.name, since: expect.any(Number), at: expect.stringContaining('gate.test.ts') },
    ]);
    await until(() => emit.mock.calls.some(([warning]) => String(warning).includes('waits for replica')));
    expect(emit.mock.calls.map(([warning]) => String(warning))).toContainEqual(
      expect.stringMatching(
        /The step "index" of gate "web-[12]" .*; it waits for replica "web-[12]" since .* s \(waits for replica/,
      ),
    );
    emit.mockRestore();
    finish.resolve();
    const [first, second] = await Promise.all(ready);
    expect(second).toEqual(first);
    await Promise.all(gates.map((gate) => gate.close()));
    await closeAll(all);
  });

  test('O2: the failure of one replica fails the gates of all, with its host and its cause', async () => {
    const all = replicas(server(), 2, { leaseMs: 600 });
    const gates = all.map(({ once }) =>
      createGate({
        bootstrap: (boot) =>
          boot.step(
            'migrate',
            once.transaction({ key: 'v1', attempts: 1 }, (tx) => tx.query('SELECT no_such_column')),
          ),
      }),
    );
    const settled = await Promise.allSettled(gates.map((gate) => gate.ensureReady()));
    for (const result of settled) {
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED' });
      expect(reason.message).toMatch(/step "migrate" \(key "v1"\) failed on replica web-[12]/);
      expect(reason.cause).toMatchObject({ code: 'ERR_ONCE_FAILED', cause: { code: '42703' } });
    }
    await Promise.all(gates.map((gate) => gate.close()));
    await closeAll(all);
  });
});
