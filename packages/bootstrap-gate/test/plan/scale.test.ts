import { createGate } from '../../src/index.js';
import { type DynamicStep, planOf, rejection, aborted, thrown } from './support.js';

// No time is asserted: what overflows throws, and what is quadratic meets the time limit of the test runner.
const SIZE = 10_000;
const many = (step: (at: number) => Pick<DynamicStep, 'needs'> & Partial<DynamicStep>): DynamicStep[] =>
  Array.from({ length: SIZE }, (_, at) => ({ name: `s${at}`, fn: () => at, ...step(at) }));

test('G2: a chain of 10,000 steps runs from one end to the other, and is undone backwards', async () => {
  const stopped: unknown[] = [];
  const options = { stop: (value: unknown) => void stopped.push(value) };
  const bootstrap = planOf(many((at) => ({ needs: at === 0 ? [] : [`s${at - 1}`], options })));
  const gate = createGate({ bootstrap });
  expect(Object.keys(await gate.ensureReady())).toHaveLength(SIZE);
  await gate.close();
  expect(stopped).toEqual(Array.from({ length: SIZE }, (_, at) => SIZE - 1 - at));
}, 20_000);

test('G2: 10,000 steps run side by side, and one needs them all', async () => {
  const steps = many(() => ({ needs: [] }));
  const last = { name: 'last', needs: steps.map(({ name }) => name), fn: (needs: object) => Object.keys(needs).length };
  const value = await createGate({ bootstrap: planOf([...steps, last]) }).ensureReady();
  expect(value['last']).toBe(SIZE);
}, 20_000);

test('G2: one of 10,000 running steps fails, and the others are aborted', async () => {
  let aborts = 0;
  const waits: DynamicStep['fn'] = (_needs, { signal }) => aborted(signal).finally(() => aborts++);
  const fails: DynamicStep['fn'] = () => Promise.reject(new Error('no'));
  const steps = many((at) => ({ needs: [], fn: at === SIZE / 2 ? fails : waits }));
  expect(String(await rejection(createGate({ bootstrap: planOf(steps) }).ensureReady()))).toContain('failed: no');
  expect(aborts).toBe(SIZE - 1);
}, 20_000);

test('G3: a cycle of 10,000 steps is drawn, and 10,000 unknown needs are told', () => {
  const ring = planOf(many((at) => ({ needs: [`s${(at + 1) % SIZE}`] })));
  expect(String(thrown(() => ring.check()))).toContain('s0 → s1 → s2 → s3 → s4 → s5 → s6 → s7 → s8 → (9991 more) → s0');
  const unknown = planOf(many((at) => ({ needs: [`u${at}`] })));
  expect(String(thrown(() => unknown.check())).split('\n')).toHaveLength(12);
  expect(ring.toMermaid().split('\n')).toHaveLength(2 * SIZE + 1);
}, 20_000);
