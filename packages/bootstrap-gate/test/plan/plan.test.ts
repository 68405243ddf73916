import { createGate } from '../../src/index.js';
import { type Plan, plan } from '../../src/index.js';
import { reported, settled, thrown } from './support.js';

const shop = plan()
  .step('config', () => ({ url: 'db:5432' }))
  .step('database', ['config'], async ({ config }) => ({ connectedTo: config.url }))
  .step('rows', ['config', 'database'], ({ config, database }) => [config.url, database.connectedTo]);

test('G1: a plan is a bootstrap: the value of its gate is an object of all results by name', async () => {
  const gate = createGate({ bootstrap: shop });
  expect(await gate.ensureReady()).toStrictEqual({
    config: { url: 'db:5432' },
    database: { connectedTo: 'db:5432' },
    rows: ['db:5432', 'db:5432'],
  });
  expect(Object.keys(gate.value)).toEqual(['config', 'database', 'rows']);
});

test('G1: a function gets its needs and nothing else, and then what the function of a step gets', async () => {
  const seen: unknown[] = [];
  const gate = createGate({
    bootstrap: plan()
      .step('a', (...args) => void seen.push(args))
      .step('b', () => 'b')
      .step('c', ['b'], (...args) => void seen.push(args))
      .step('d', [], (...args) => void seen.push(args)),
  });
  await gate.ensureReady();
  const context = {
    name: expect.any(String),
    gate: gate.name,
    signal: expect.any(AbortSignal),
    attempt: 1,
    progress: expect.any(Function),
    waitsFor: expect.any(Function),
  };
  expect(seen).toEqual([
    [{}, context],
    [{}, context],
    [{ b: 'b' }, context],
  ]);
});

test('G1: progress and the needs of a step are in the report, and where the user added it', async () => {
  const gate = createGate({
    bootstrap: plan()
      .step('config', () => 1)
      .step('rows', ['config'], (_needs, { progress }) => progress(0.5, 'half')),
  });
  await gate.ensureReady();
  expect(reported(gate)).toMatchObject([
    { name: 'config', needs: [] },
    { name: 'rows', needs: ['config'], progress: { fraction: 0.5, text: 'half' } },
  ]);
  for (const { at } of reported(gate)) expect(at).toContain('plan.test.ts');
});

test('G1: a plan never changes: step gives another one', async () => {
  const base = plan().step('a', () => 1);
  const left = base.step('b', ['a'], ({ a }) => `left ${a}`);
  const right = base.step('b', ['a'], ({ a }) => `right ${a}`);
  const values = [base, left, right].map((bootstrap) => createGate<object>({ bootstrap }).ensureReady());
  expect(await Promise.all(values)).toEqual([{ a: 1 }, { a: 1, b: 'left 1' }, { a: 1, b: 'right 1' }]);
  expect(thrown(() => Object.assign(base, { check: () => {} }))).toBeInstanceOf(TypeError);
});

test('G1: a plan does not notice what happens to its arguments later', async () => {
  const needs: 'a'[] = ['a'];
  const options = { optional: true, retry: { attempts: 2, delayMs: 0 } };
  let calls = 0;
  const made = plan()
    .step('a', () => 1)
    .step('b', needs, ({ a }) => (++calls < 2 ? Promise.reject(new Error('again')) : a), options);
  needs.pop();
  options.optional = false;
  options.retry.attempts = 1;
  expect(await createGate({ bootstrap: made }).ensureReady()).toEqual({ a: 1, b: 1 });
  expect(calls).toBe(2);
});

test('G1: an empty plan is a bootstrap that has nothing to do', async () => {
  expect(await createGate({ bootstrap: plan() }).ensureReady()).toEqual({});
});

test('G1: who has no types may add the steps in any order', async () => {
  const untyped = plan() as unknown as { step(...args: unknown[]): typeof untyped };
  const order: string[] = [];
  const made = untyped
    .step('last', ['second'], ({ second }: { second: string }) => (order.push('last'), `last, ${second}`))
    .step('second', ['first'], ({ first }: { first: string }) => (order.push('second'), `second, ${first}`))
    .step('first', () => (order.push('first'), 'first'));
  const value = await createGate({ bootstrap: made as unknown as typeof shop }).ensureReady();
  expect(value).toEqual({ first: 'first', second: 'second, first', last: 'last, second, first' });
  expect(order).toEqual(['first', 'second', 'last']);
});

test('G1: a need that is named twice counts once', async () => {
  const gate = createGate({
    bootstrap: plan()
      .step('a', () => 1)
      .step('b', ['a', 'a'], ({ a }) => a),
  });
  expect(await gate.ensureReady()).toEqual({ a: 1, b: 1 });
  expect(reported(gate)[1]?.needs).toEqual(['a']);
});

test('G1: steps whose names are not known to the compiler are a plan, too', async () => {
  const modules = [
    { name: 'users', needs: [], start: (found: Record<string, string>) => `users of ${Object.values(found)}` },
    { name: 'orders', needs: ['users'], start: (found: Record<string, string>) => `orders of ${found['users']}` },
  ];
  let made: Plan<Record<string, string>> = plan();
  for (const { name, needs, start } of modules) made = made.step(name, needs, start);
  expect(await createGate({ bootstrap: made }).ensureReady()).toEqual({
    users: 'users of ',
    orders: 'orders of users of ',
  });
});

test('G1: results that are undefined are results', async () => {
  const gate = createGate({
    bootstrap: plan()
      .step('nothing', () => undefined)
      .step('after', ['nothing'], (needs) => Object.entries(needs)),
  });
  expect(await gate.ensureReady()).toStrictEqual({ nothing: undefined, after: [['nothing', undefined]] });
});

test('nothing runs before the gate does', async () => {
  const fn = jest.fn();
  const gate = createGate({ bootstrap: plan().step('a', fn) });
  gate.report();
  await settled();
  expect(fn).not.toHaveBeenCalled();
});
