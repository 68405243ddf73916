import { createGate } from '../../src/index.js';
import { plan } from '../../src/index.js';
import { thrown } from './support.js';

interface UntypedPlan {
  step(...args: unknown[]): UntypedPlan;
  check(): void;
}

const fn = (): void => {};

/** What is wrong with a plan of these steps, as lines. */
function problemsOf(...steps: (readonly [name: string, ...needs: string[]])[]): string[] {
  const made = steps.reduce((soFar, [name, ...needs]) => soFar.step(name, needs, fn), plan() as unknown as UntypedPlan);
  const error = thrown(() => made.check()) as Error;
  expect(error).toMatchObject({ name: 'GateError', code: 'ERR_GATE_INVALID_PLAN', status: 500 });
  const [title, ...lines] = error.message.split('\n');
  expect(title).toBe('This plan cannot run:');
  return lines.map((line) => line.trim());
}

test('G3: a plan is checked when the gate is created, before anything runs', () => {
  const run = jest.fn();
  const name: string = 'a';
  const bootstrap = plan().step('a', run).step(name, run);
  expect(thrown(() => createGate({ bootstrap, eager: true }))).toMatchObject({ code: 'ERR_GATE_INVALID_PLAN' });
  expect(run).not.toHaveBeenCalled();
});

test('G3: a name that is defined twice is refused', () => {
  expect(problemsOf(['a'], ['b'], ['a'])).toEqual(['step "a" is defined 2 times']);
  expect(problemsOf(['a'], ['b'], ['a'], ['b', 'a'], ['b'])).toEqual([
    'step "a" is defined 2 times',
    'step "b" is defined 3 times',
  ]);
});

test('G3: a need that no step defines is refused, with the names that are most like it', () => {
  expect(problemsOf(['config'], ['cache'], ['mail'], ['database'], ['api', 'databse'])).toEqual([
    expect.stringMatching(
      /^step "api" needs "databse", which no step defines \(nearest: "database", "cache", "\w+"\)$/,
    ),
  ]);
});

test('G3: names that are equally like an unknown need are told in the order of the plan', () => {
  const nearest = (need: string, ...names: string[]) =>
    problemsOf(...names.map((name) => [name] as const), ['x', need]);
  const hint = (names: string) => [expect.stringContaining(`(nearest: ${names})`)];
  expect(nearest('abc', 'abd', 'bc', 'abcd', 'ac')).toEqual(hint('"abd", "bc", "abcd"'));
  expect(nearest('a', 'b', 'ab', 'ba')).toEqual(hint('"b", "ab", "ba"'));
  expect(nearest('ab', 'abcd', 'ab ', 'b', '12')).toEqual(hint('"ab ", "b", "abcd"'));
});

test('G3: a cycle is drawn along the needs, and ends where it began', () => {
  expect(problemsOf(['a', 'b'], ['b', 'a'])).toEqual(['steps need each other: a → b → a']);
  expect(problemsOf(['a', 'a'])).toEqual(['steps need each other: a → a']);
  expect(problemsOf(['x', 'a'], ['a', 'b'], ['b', 'c'], ['c', 'd', 'a'], ['d'], ['y', 'd'])).toEqual([
    'steps need each other: a → b → c → a',
  ]);
});

test('G3: all problems are in one error', () => {
  expect(problemsOf(['a', 'b'], ['b', 'a'], ['a'], ['c', 'nowhere'], ['d', 'e'], ['e', 'd', 'a'])).toEqual([
    'step "a" is defined 2 times',
    expect.stringContaining('step "c" needs "nowhere"'),
    'steps need each other: d → e → d',
  ]);
  expect(problemsOf(['a', 'b', 'c'], ['b', 'a'], ['c', 'd'], ['d', 'c'])).toEqual([
    'steps need each other: a → b → a',
    'steps need each other: c → d → c',
  ]);
});

test('G3: of very many problems the first ones are told', () => {
  const steps = Array.from({ length: 50 }, (_, at) => [`step ${at}`, `need ${at}`] as const);
  const problems = problemsOf(...steps);
  expect(problems).toHaveLength(11);
  expect(problems.at(-1)).toBe('… and more');
  expect(problemsOf(...steps.slice(0, 10))).toHaveLength(10);
});

test('G3: a long cycle is drawn short', () => {
  const ring = (length: number) => Array.from({ length }, (_, at) => [`s${at}`, `s${(at + 1) % length}`] as const);
  expect(problemsOf(...ring(9))).toEqual(['steps need each other: s0 → s1 → s2 → s3 → s4 → s5 → s6 → s7 → s8 → s0']);
  expect(problemsOf(...ring(100))).toEqual([
    'steps need each other: s0 → s1 → s2 → s3 → s4 → s5 → s6 → s7 → s8 → (91 more) → s0',
  ]);
});

test('G3: a plan that can run passes', () => {
  const made = plan().step('a', fn).step('b', ['a'], fn).step('c', ['a', 'b'], fn).step('d', ['a', 'b', 'c'], fn);
  expect(() => made.check()).not.toThrow();
  expect(() => plan().check()).not.toThrow();
});
