import { createGate } from '../../src/index.js';
import { plan } from '../../src/index.js';
import { reported, thrown } from './support.js';

const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length', '0', ' ', 'a → b', '"'];

test.each(hostile)('G1: a step may be called %j', async (name) => {
  const made = plan()
    .step(name, () => 'its result')
    .step('after', [name], (needs) => Object.entries(needs));
  const value = await createGate<object>({ bootstrap: made }).ensureReady();
  expect(Object.entries(value).sort()).toEqual(
    [
      [name, 'its result'],
      ['after', [[name, 'its result']]],
    ].sort(),
  );
});

test('G1: a result is an own property and pollutes nothing', async () => {
  const made = plan().step('__proto__', () => ({ polluted: true }));
  const value = await createGate<object>({ bootstrap: made }).ensureReady();
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.hasOwn(value, '__proto__')).toBe(true);
  expect('polluted' in value).toBe(false);
});

test('G1: no step may be called "then", whose result would make a promise of the value', () => {
  expect(thrown(() => plan().step('then', () => () => {}))).toEqual(
    new TypeError('plan.step: the name must not be "then": the results would be taken for a promise'),
  );
});

test('names that differ in case only, or by a space, are different', async () => {
  const made = plan()
    .step('db', () => 1)
    .step('DB', () => 2)
    .step('db ', () => 3);
  const gate = createGate({ bootstrap: made });
  expect(await gate.ensureReady()).toEqual({ db: 1, DB: 2, 'db ': 3 });
  expect(reported(gate).map(({ name }) => name)).toEqual(['db', 'DB', 'db ']);
});
