import { type Boot, createGate } from '../../src/index.js';
import { plan } from '../../src/index.js';
import { aborted, collectWarnings, deferred, rejection, reported, settled, states, thrown } from './support.js';

afterEach(() => jest.restoreAllMocks());

const cause = new Error('no');
const failing = plan().step('fails', () => Promise.reject(cause));

test('G1: a plan runs inside a function, too, which gets its results', async () => {
  const made = plan()
    .step('config', () => 'config')
    .step('db', ['config'], ({ config }) => ({ url: config }));
  const gate = createGate({
    bootstrap: async (boot) => {
      const { db } = await made.run(boot);
      return boot.step('migrations', () => `migrated ${db.url}`);
    },
  });
  expect(await gate.ensureReady()).toBe('migrated config');
  expect(states(gate)).toEqual(['config: done', 'db: done', 'migrations: done']);
});

test('G2: a failed plan ends its own steps, and leaves the rest of the bootstrap alone', async () => {
  const other = deferred<string>();
  const gate = createGate({
    bootstrap: async (boot) => {
      const others = [
        boot.step('step', () => other.promise),
        plan()
          .step('other', () => other.promise)
          .run(boot),
      ];
      const error = await rejection(failing.run(boot));
      other.resolve('done');
      return [error, ...(await Promise.all(others))];
    },
  });
  expect(await gate.ensureReady()).toEqual([cause, 'done', { other: 'done' }]);
  expect(states(gate)).toEqual(['step: done', 'other: done', 'fails: failed']);
});

test('A9: what a failed plan had completed stays until the bootstrap is undone', async () => {
  const stop = jest.fn();
  const made = plan()
    .step('kept', () => 'kept', { stop })
    .step('fails', ['kept'], () => Promise.reject(cause));
  const gate = createGate({ bootstrap: (boot) => rejection(made.run(boot)) });
  await gate.ensureReady();
  expect(stop).not.toHaveBeenCalled();
  await gate.close();
  expect(stop.mock.calls).toEqual([['kept']]);
});

test('G1: a plan that is run twice in one bootstrap runs twice; its names are numbered in the report', async () => {
  let calls = 0;
  const made = plan()
    .step('a', () => ++calls)
    .step('b', ['a'], ({ a }) => a);
  const gate = createGate({ bootstrap: (boot) => Promise.all([made.run(boot), made.run(boot)]) });
  expect(await gate.ensureReady()).toEqual([
    { a: 1, b: 1 },
    { a: 2, b: 2 },
  ]);
  expect(reported(gate).map(({ name }) => name)).toEqual(['a', 'a #2', 'b', 'b #2']);
});

test('G1: one plan serves several gates at the same time, each with results of its own', async () => {
  const turns = [deferred<string>(), deferred<string>()];
  let calls = 0;
  const made = plan()
    .step('a', () => turns[calls++]?.promise)
    .step('b', ['a'], ({ a }) => `b of ${a}`);
  const gates = [createGate({ bootstrap: made }), createGate({ bootstrap: made })];
  const values = gates.map((gate) => gate.ensureReady());
  turns[1]?.resolve('second');
  expect(await values[1]).toEqual({ a: 'second', b: 'b of second' });
  turns[0]?.reject(cause);
  expect(await rejection(values[0] as Promise<unknown>)).toMatchObject({ cause });
  expect(gates.map(({ state }) => state)).toEqual(['failed', 'ready']);
});

test('a plan that nobody awaits counts as awaited: the gate opens after it', async () => {
  const first = deferred();
  const order: string[] = [];
  const made = plan()
    .step('a', () => first.promise)
    .step('b', ['a'], () => order.push('b'));
  const gate = createGate({ bootstrap: (boot) => void made.run(boot) });
  const caller = gate.ensureReady().then(() => order.push('open'));
  await settled();
  first.resolve();
  await caller;
  expect(order).toEqual(['b', 'open']);
});

test('A8: the failure of a plan that nobody awaits fails the flight, and is no unhandled rejection', async () => {
  const gate = createGate({ bootstrap: (boot) => void failing.run(boot) });
  expect(await rejection(gate.ensureReady())).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED', cause });
  collectWarnings();
  createGate({ eager: true, bootstrap: (boot) => void failing.run(boot) });
  await settled();
});

test('G3: an invalid plan rejects when it is run, and nothing of it starts', async () => {
  const fn = jest.fn();
  const name: string = 'a';
  const invalid = plan().step(name, fn).step(name, fn);
  const gate = createGate({ bootstrap: (boot) => rejection(invalid.run(boot)) });
  expect(await gate.ensureReady()).toMatchObject({ code: 'ERR_GATE_INVALID_PLAN', status: 500 });
  expect(fn).not.toHaveBeenCalled();
});

test('G1: a plan may run within a step, and ends with it at its time limit', async () => {
  const reasons: unknown[] = [];
  const never = jest.fn();
  const inner = plan()
    .step('inner', ({}, { signal }) => aborted(signal).catch((reason: unknown) => void reasons.push(reason)))
    .step('later', ['inner'], never);
  const gate = createGate({
    bootstrap: (boot) => boot.step('outer', () => inner.run(boot), { timeoutMs: 1, optional: true }),
  });
  expect(await gate.ensureReady()).toBeUndefined();
  expect(reasons).toEqual([expect.objectContaining({ code: 'ERR_GATE_STEP_TIMEOUT' })]);
  expect(never).not.toHaveBeenCalled();
});

test('G2: a plan within a step of another plan is aborted with that one', async () => {
  const reasons: unknown[] = [];
  const begun = deferred();
  const inner = plan().step('inner', ({}, { signal }) => {
    begun.resolve();
    return aborted(signal).catch((reason: unknown) => void reasons.push(reason));
  });
  const gate = createGate({
    bootstrap: (boot) =>
      plan()
        .step('outer', () => inner.run(boot))
        .step('fails', () => begun.promise.then(() => Promise.reject(cause)))
        .run(boot),
  });
  expect(await rejection(gate.ensureReady())).toMatchObject({ cause });
  expect(reasons).toEqual([cause]);
});

test('a plan starts nothing once the flight has ended', async () => {
  const fn = jest.fn();
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: async (boot) => {
      await rejection(aborted(boot.signal));
      seen.push(await rejection(plan().step('late', fn).run(boot)));
    },
  });
  void rejection(gate.ensureReady());
  await gate.close();
  expect(seen).toEqual([expect.objectContaining({ code: 'ERR_GATE_CLOSED' })]);
  expect(fn).not.toHaveBeenCalled();
});

test('a plan that is run after its bootstrap has ended is refused by name', async () => {
  const boots: Boot[] = [];
  const gate = createGate({ name: 'shop', bootstrap: (boot) => boots.push(boot) });
  await gate.ensureReady();
  const error = await rejection(
    plan()
      .step('late', () => 1)
      .run(boots[0] as Boot),
  );
  expect(String(error)).toMatch(/step "late" of gate "shop" was started after its bootstrap had ended/);
});

test('only a gate can run a plan', () => {
  const run = (boot: unknown) => () => plan().run(boot as Boot);
  for (const wrong of [undefined, null, {}, 'boot']) expect(thrown(run(wrong))).toBeInstanceOf(TypeError);
});
