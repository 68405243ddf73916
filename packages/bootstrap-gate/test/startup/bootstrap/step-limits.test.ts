import { type Boot, type StepContext } from '../../../src/index.js';
import { createGateWith } from '../../../src/create-gate.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { aborted, deferred, never, refusal, rejection } from '../../support.js';

test('boot: a step that exceeds its timeoutMs fails with ERR_GATE_STEP_TIMEOUT, and so does the flight', async () => {
  const clock = new ManualClock();
  const signals: AbortSignal[] = [];
  const slow = ({ signal }: StepContext): Promise<void> => {
    signals.push(signal);
    return never();
  };
  const gate = createGateWith(
    { name: 'api', bootstrap: (boot: Boot) => boot.step('database', slow, { timeoutMs: 100 }) },
    clock,
  );
  const caller = refusal(gate.ensureReady());
  await clock.advance(99);
  expect(signals[0]?.aborted).toBe(false);
  await clock.advance(1);
  const error = await caller;
  expect(error.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(error.cause).toMatchObject({ code: 'ERR_GATE_STEP_TIMEOUT', status: 503 });
  expect((error.cause as Error).message).toBe('Step "database" of gate "api" did not finish within 100 ms.');
  expect(error.message).toBe(`The bootstrap of gate "api" failed: ${(error.cause as Error).message}`);
  expect(signals[0]?.reason).toBe(error.cause);
});

test('A4: the value of a step that timed out does not change the gate; it is handed to its stop at once', async () => {
  const clock = new ManualClock();
  const late = deferred<string>();
  const stop = jest.fn();
  const bootstrap = async (boot: Boot): Promise<string> => {
    const value = await boot.step('cache', () => late.promise, { timeoutMs: 100, stop, optional: true });
    return `cache: ${value}`;
  };
  const gate = createGateWith({ bootstrap }, clock);
  const caller = gate.ensureReady();
  await clock.advance(100);
  expect(await caller).toBe('cache: undefined');
  late.resolve('late');
  await settled();
  expect(stop.mock.calls).toEqual([['late']]);
  expect(gate.value).toBe('cache: undefined');
  await gate.close();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(gate.report().attempts[0]?.steps[0]?.state).toBe('failed');
});

test('A4: a step that timed out and fails later is not unhandled and changes nothing', async () => {
  const clock = new ManualClock();
  const late = deferred();
  const bootstrap = (boot: Boot) => boot.step('cache', () => late.promise, { timeoutMs: 100, optional: true });
  const gate = createGateWith({ bootstrap }, clock);
  const caller = gate.ensureReady();
  await clock.advance(100);
  await caller;
  late.reject(new Error('later'));
  await settled();
  expect(gate.report().attempts[0]?.steps[0]?.error).toMatch(/100 ms/);
});

test('boot: a step with a time limit does not wait for a nested step that ignores its signal', async () => {
  const clock = new ManualClock();
  const bootstrap = (boot: Boot) => boot.step('outer', () => boot.step('inner', never), { timeoutMs: 100 });
  const gate = createGateWith({ bootstrap }, clock);
  const caller = jest.fn();
  void rejection(gate.ensureReady()).then(caller);
  await clock.advance(100);
  expect(caller).toHaveBeenCalledWith(expect.objectContaining({ code: 'ERR_GATE_BOOTSTRAP_FAILED' }));
});

test('boot: a nested step that is given up with its outer step leaves no timer, and its late value goes to its stop', async () => {
  const clock = new ManualClock();
  const late = deferred<string>();
  const stop = jest.fn();
  const inner = (boot: Boot) => boot.step('inner', () => late.promise, { timeoutMs: 5_000, stop });
  const bootstrap = (boot: Boot) => boot.step('outer', () => inner(boot), { timeoutMs: 100 });
  const gate = createGateWith({ bootstrap, stallAfterMs: Infinity }, clock);
  const caller = refusal(gate.ensureReady());
  await clock.advance(100);
  await caller;
  expect(clock.timers).toBe(0);
  late.resolve('late');
  await settled();
  expect(stop.mock.calls).toEqual([['late']]);
});

test('boot: a step that ends in time leaves no timer and its signal alone', async () => {
  const clock = new ManualClock();
  const signals: AbortSignal[] = [];
  const bootstrap = (boot: Boot) =>
    boot.step('a', ({ signal }: StepContext) => void signals.push(signal), { timeoutMs: 100 });
  const gate = createGateWith({ bootstrap }, clock);
  await gate.ensureReady();
  expect(clock.timers).toBe(0);
  expect(signals[0]?.aborted).toBe(false);
});

test('boot: a step is repeated alone, with exponentially growing delays, and counts its own attempts', async () => {
  const clock = new ManualClock(); // its random is 0.5: three quarters of the full delay
  const calls: [number, number][] = [];
  const bootstrap = (boot: Boot) =>
    boot.step(
      'database',
      ({ attempt }) => {
        calls.push([attempt, clock.now() - 1_000_000]);
        if (attempt < 5) throw new Error('not yet');
        return 'up';
      },
      { retry: { attempts: 5, delayMs: 100, maxDelayMs: 300 } },
    );
  const gate = createGateWith({ bootstrap }, clock);
  const caller = gate.ensureReady();
  await settled();
  await clock.advance(10_000);
  expect(await caller).toBe('up');
  // 75, 150, then 300 instead of 400 and 800: 225 each
  expect(calls).toEqual([
    [1, 0],
    [2, 75],
    [3, 225],
    [4, 450],
    [5, 675],
  ]);
  expect(gate.report().attempts).toHaveLength(1);
});

test('boot: a step gives up after its attempts, with the last error', async () => {
  const clock = new ManualClock();
  let calls = 0;
  const bootstrap = (boot: Boot) =>
    boot.step('database', () => Promise.reject(new Error(`failure ${++calls}`)), {
      retry: { attempts: 3, delayMs: 0 },
    });
  const gate = createGateWith({ bootstrap }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await clock.advance(1);
  expect((await caller).message).toContain('failure 3');
  expect(calls).toBe(3);
});

test('boot: retry.when is asked with the error and the attempt, and its no ends the repetition', async () => {
  const clock = new ManualClock();
  const when = jest.fn((error: unknown) => (error as Error).message !== 'final');
  const errors = ['first', 'final', 'never'].map((message) => new Error(message));
  const bootstrap = (boot: Boot) =>
    boot.step('database', ({ attempt }) => Promise.reject(errors[attempt - 1]!), { retry: { attempts: 9, when } });
  const gate = createGateWith({ bootstrap }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await clock.advance(60_000);
  expect((await caller).cause).toBe(errors[1]);
  expect(when.mock.calls).toEqual([
    [errors[0], 1],
    [errors[1], 2],
  ]);
});

test('boot: a time limit of a step includes its retries and delays', async () => {
  const clock = new ManualClock();
  const fn = jest.fn(() => Promise.reject(new Error('no')));
  const bootstrap = (boot: Boot) =>
    boot.step('database', fn, { timeoutMs: 1_000, retry: { attempts: 100, delayMs: 800 } });
  const gate = createGateWith({ bootstrap }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await clock.advance(1_000);
  expect((await caller).cause).toMatchObject({ code: 'ERR_GATE_STEP_TIMEOUT' });
  expect(fn).toHaveBeenCalledTimes(2);
  await clock.advance(60_000);
  expect(fn).toHaveBeenCalledTimes(2);
});

test('boot: an abort ends the delay between the attempts of a step', async () => {
  const clock = new ManualClock();
  const fn = jest.fn(() => Promise.reject(new Error('no')));
  const bootstrap = (boot: Boot) => boot.step('database', fn, { retry: { attempts: 100 } });
  const gate = createGateWith({ bootstrap }, clock);
  void refusal(gate.ensureReady());
  await settled();
  await gate.close();
  expect(fn).toHaveBeenCalledTimes(1);
  expect(clock.timers).toBe(0);
});

test('boot: the signal of a step fires with that of the flight', async () => {
  const clock = new ManualClock();
  const seen: unknown[] = [];
  const bootstrap = (boot: Boot) =>
    boot.step('a', async ({ signal }: StepContext) => {
      await aborted(signal).catch(() => {});
      seen.push(signal.reason, boot.signal.reason);
    });
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100 }, clock);
  const caller = refusal(gate.ensureReady());
  await clock.advance(100);
  await caller;
  expect(seen[0]).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_TIMEOUT' });
  expect(seen[1]).toBe(seen[0]);
});
