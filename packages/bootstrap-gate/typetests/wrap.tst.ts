import { createGate } from '../src/index.js';
import { expect, test } from 'tstyche';

const gate = createGate();

test('wrap keeps the parameters and gives a promise of the awaited result', () => {
  const wrapped = gate.wrap((a: number, b?: string) => `${a}${b}`);
  expect(wrapped).type.toBeCallableWith(1);
  expect(wrapped).type.toBeCallableWith(1, 'x');
  expect(wrapped).type.not.toBeCallableWith();
  expect(wrapped).type.not.toBeCallableWith('1');
  expect(wrapped).type.not.toBeCallableWith(1, 'x', 2);
  expect<Parameters<typeof wrapped>>().type.toBe<[a: number, b?: string]>();
  expect<ReturnType<typeof wrapped>>().type.toBe<Promise<string>>();
});

test('wrap does not nest promises', () => {
  expect(gate.wrap(async () => 1)()).type.toBe<Promise<number>>();
  expect(gate.wrap((): number | Promise<number> => 1)()).type.toBe<Promise<number>>();
  expect(gate.wrap(() => {})()).type.toBe<Promise<void>>();
});

test('wrap keeps the type of `this` and rest parameters', () => {
  const wrapped = gate.wrap(function (this: { name: string }, ...args: [number, ...string[]]) {
    return this.name + args.length;
  });
  expect(wrapped).type.toBe<(this: { name: string }, ...args: [number, ...string[]]) => Promise<string>>();
});

test('wrap takes a function and a time limit, nothing else', () => {
  expect(gate.wrap).type.toBeCallableWith(() => 1, { timeoutMs: 5 });
  expect(gate.wrap).type.not.toBeCallableWith();
  expect(gate.wrap).type.not.toBeCallableWith('not a function');
  expect(gate.wrap).type.not.toBeCallableWith(() => 1, { timeout: 5 });
  expect(gate.wrap).type.not.toBeCallableWith(() => 1, { timeoutMs: '5' });
  expect(gate.wrap).type.not.toBeCallableWith(() => 1, { signal: new AbortController().signal });
});
