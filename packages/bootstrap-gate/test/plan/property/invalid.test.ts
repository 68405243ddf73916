import { createGate, isGateError } from '../../../src/index.js';
import fc from 'fast-check';
import { planOf, thrown } from '../support.js';
import { acyclic, anyGraph, type GraphStep, patienceMs, reachable, runs } from './graphs.js';

const withFn = (steps: readonly GraphStep[]) => planOf(steps.map((step) => ({ ...step, fn: () => step.name })));

const drawn = (message: string): string[][] =>
  [...message.matchAll(/steps need each other: (.*)$/gm)].map(([, cycle = '']) => cycle.split(' → '));

test(
  'G3: a plan is refused when it has a name twice, an unknown need or a cycle, and runs when it has none',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyGraph, acyclic), async (steps) => {
        const names = new Set(steps.map(({ name }) => name));
        const isTwice = names.size < steps.length;
        const isUnknown = steps.some(({ needs }) => needs.some((need) => !names.has(need)));
        const isCyclic = steps.some(({ name }) => reachable(steps, name).has(name));
        const bootstrap = withFn(steps);
        if (!isTwice && !isUnknown && !isCyclic) {
          expect(await createGate({ bootstrap }).ensureReady()).toEqual(
            Object.fromEntries([...names].map((name) => [name, name])),
          );
          return;
        }
        const error = thrown(() => createGate({ bootstrap }));
        if (!isGateError(error)) throw error;
        expect(error.code).toBe('ERR_GATE_INVALID_PLAN');
        if (isTwice) return; // which of the two is meant in a cycle, nobody can say
        expect(/which no step defines/.test(error.message)).toBe(isUnknown);
        expect(drawn(error.message).length > 0).toBe(isCyclic);
      }),
      { numRuns: runs(500) },
    );
  },
  patienceMs,
);

test(
  'G3: what is drawn is a cycle, and each group of steps that need each other has one drawn',
  () => {
    fc.assert(
      fc.property(anyGraph, (given) => {
        const steps = given.filter(({ name }, at) => given.findIndex((other) => other.name === name) === at);
        const inCycles = steps.filter(({ name }) => reachable(steps, name).has(name)).map(({ name }) => name);
        fc.pre(inCycles.length > 0);
        const { message } = thrown(() => withFn(steps).check()) as Error;
        const cycles = drawn(message);
        for (const cycle of cycles) {
          expect(cycle[0]).toBe(cycle.at(-1));
          expect(new Set(cycle).size).toBe(cycle.length - 1);
          for (const [at, name] of cycle.slice(0, -1).entries()) {
            expect(steps.find((step) => step.name === name)?.needs).toContain(cycle[at + 1]);
          }
        }
        if (message.includes('… and more')) return;
        for (const name of inCycles) {
          const group = [...reachable(steps, name)].filter((other) => reachable(steps, other).has(name));
          expect(cycles.some(([first = '']) => group.includes(first))).toBe(true);
        }
      }),
      { numRuns: runs(500) },
    );
  },
  patienceMs,
);
