import { type Boot, createGate, type StepContext } from '../src/index.js';
import { expect, test } from 'tstyche';

declare const boot: Boot;
declare const condition: boolean;

test('a step gives what its function gives, awaited or not', () => {
  expect(boot.step('a', () => 1)).type.toBe<Promise<number>>();
  expect(boot.step('a', async () => ({ db: 1 }))).type.toBe<Promise<{ db: number }>>();
  expect(boot.step('a', () => {})).type.toBe<Promise<void>>();
  expect(boot.step('a', () => (condition ? 'x' : Promise.resolve('y')))).type.toBe<Promise<string>>();
});

test('options do not change the value of a step', () => {
  expect(boot.step('a', () => 1, {})).type.toBe<Promise<number>>();
  expect(boot.step('a', () => 1, { timeoutMs: 5, retry: { attempts: 2 }, needs: ['b'] })).type.toBe<Promise<number>>();
  expect(boot.step('a', () => 1, { optional: false })).type.toBe<Promise<number>>();
});

test('an optional step may give undefined', () => {
  expect(boot.step('a', () => 1, { optional: true })).type.toBe<Promise<number | undefined>>();
  expect(boot.step('a', async () => 'x', { optional: true, timeoutMs: 5 })).type.toBe<Promise<string | undefined>>();
});

test('the function of a step gets a signal, its attempt and progress', () => {
  void boot.step('a', (context) => {
    expect(context).type.toBe<StepContext>();
    expect(context.signal).type.toBe<AbortSignal>();
    expect(context.attempt).type.toBe<number>();
    expect(context.progress(0.5, 'half')).type.toBe<void>();
    expect(context.progress).type.not.toBeCallableWith('half');
  });
  expect(boot.step).type.not.toBeCallableWith('a', (context: { missing: true }) => context);
});

test('stop gets the value of its step', () => {
  void boot.step('a', async () => ({ end: () => 1 }), {
    stop: (value) => {
      expect(value).type.toBe<{ end: () => number }>();
    },
  });
  void boot.step('a', () => 'x', {
    optional: true,
    stop: (value) => {
      expect(value).type.toBe<string>();
    },
  });
  expect(boot.step).type.not.toBeCallableWith('a', () => 'x', { stop: (value: number) => value });
});

test('a step needs a name and a function', () => {
  expect(boot.step).type.not.toBeCallableWith();
  expect(boot.step).type.not.toBeCallableWith('a');
  expect(boot.step).type.not.toBeCallableWith(() => 1);
  expect(boot.step).type.not.toBeCallableWith(1, () => 1);
  expect(boot.step).type.not.toBeCallableWith('a', Promise.resolve(1));
});

test('wrong step options do not compile', () => {
  expect(boot.step).type.not.toBeCallableWith('a', () => 1, { timeout: 5 });
  expect(boot.step).type.not.toBeCallableWith('a', () => 1, { timeoutMs: '5' });
  expect(boot.step).type.not.toBeCallableWith('a', () => 1, { optional: 'yes' });
  expect(boot.step).type.not.toBeCallableWith('a', () => 1, { needs: 'b' });
  expect(boot.step).type.not.toBeCallableWith('a', () => 1, { retry: 3 });
  expect(boot.step).type.not.toBeCallableWith('a', () => 1, { retry: { times: 3 } });
});

test('the value of the gate is inferred through its steps', () => {
  const gate = createGate({
    bootstrap: async (boot) => {
      const db = await boot.step('db', () => ({ url: 'x' }));
      const cache = await boot.step('cache', () => 'cache', { optional: true });
      return { db, cache };
    },
  });
  expect(gate.value).type.toBe<{ db: { url: string }; cache: string | undefined }>();
});

test('progress and detach take what they say, and the context of the flight is read-only', () => {
  expect(boot.progress).type.toBeCallableWith(0.5);
  expect(boot.progress).type.toBeCallableWith(0.5, 'half');
  expect(boot.progress).type.not.toBeCallableWith();
  expect(boot.progress).type.not.toBeCallableWith('0.5');
  expect(boot.detach).type.toBeCallableWith(async () => 1);
  expect(boot.detach).type.not.toBeCallableWith(Promise.resolve());
  expect<Boot>().type.toBeAssignableTo<{ readonly signal: AbortSignal; readonly attempt: number }>();
});
