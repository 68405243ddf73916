import { type Boot, createGate } from '../../src/index.js';
import { collectWarnings, never, rejection } from '../support.js';

/** One above what Node's timers take: they would fire such a delay at once. */
const BEYOND = 2 ** 31;

// The fake timers follow Node here: what is too long for them fires after 1 ms.
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** When a promise settled, in ms from now; fails when it did so before the timer's range ends. */
async function settledAfter(promise: Promise<unknown>, afterMs: number): Promise<void> {
  const done = jest.fn();
  void rejection(promise).then(done, done);
  await jest.advanceTimersByTimeAsync(afterMs - 1);
  expect(done).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalledTimes(1);
}

test('Errors: the trap itself: a timer beyond its range fires at once', async () => {
  const fired = jest.fn();
  setTimeout(fired, BEYOND);
  await jest.advanceTimersByTimeAsync(1);
  expect(fired).toHaveBeenCalledTimes(1);
});

test.each([BEYOND, 3 * BEYOND])('Errors: a bootTimeoutMs of %d ms is long, not immediate', async (ms) => {
  const gate = createGate({ bootstrap: never, bootTimeoutMs: ms, stallAfterMs: Infinity });
  await settledAfter(gate.ensureReady(), ms);
});

test('Errors: a timeoutMs of a caller beyond the range of a timer is long, not immediate', async () => {
  const gate = createGate({ bootstrap: never, stallAfterMs: Infinity });
  await settledAfter(gate.ensureReady({ timeoutMs: BEYOND }), BEYOND);
});

test('Errors: a timeoutMs of a wrapped function beyond the range of a timer is long, not immediate', async () => {
  const gate = createGate({ bootstrap: never, stallAfterMs: Infinity });
  await settledAfter(gate.wrap(() => 1, { timeoutMs: BEYOND })(), BEYOND);
});

test('Errors: a timeoutMs of a step beyond the range of a timer is long, not immediate', async () => {
  const gate = createGate({
    bootstrap: (boot: Boot) => boot.step('a', never, { timeoutMs: BEYOND }),
    stallAfterMs: Infinity,
  });
  await settledAfter(gate.ensureReady(), BEYOND);
});

test('Errors: a delayMs beyond the range of a timer is long, not immediate', async () => {
  const bootstrap = jest.fn(() => Promise.reject(new Error('no')));
  const retry = { attempts: 2, delayMs: 2 * BEYOND, maxDelayMs: 2 * BEYOND };
  void rejection(createGate({ bootstrap, retry, stallAfterMs: Infinity }).ensureReady());
  await jest.advanceTimersByTimeAsync(BEYOND - 1); // at least half of the delay
  expect(bootstrap).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(BEYOND + 1);
  expect(bootstrap).toHaveBeenCalledTimes(2);
});

test('Errors: a stallAfterMs beyond the range of a timer is long, not immediate', async () => {
  const warnings = collectWarnings();
  void createGate({ bootstrap: never, stallAfterMs: BEYOND }).ensureReady();
  await jest.advanceTimersByTimeAsync(BEYOND - 1);
  expect(warnings).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(warnings[0]?.code).toBe('GATE_STALLED');
});

test('Errors: a pilotTimeoutMs beyond the range of a timer is long, not immediate', async () => {
  const warnings = collectWarnings();
  void createGate({ pilotTimeoutMs: BEYOND }).wrap(never)();
  await jest.advanceTimersByTimeAsync(BEYOND - 1);
  expect(warnings).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_PILOT_TIMEOUT']);
});

test('Errors: a cooldownMs beyond the range of a timer is long, and needs no timer', async () => {
  const bootstrap = jest.fn(() => Promise.reject(new Error('no')));
  const gate = createGate({ bootstrap, cooldownMs: BEYOND });
  await rejection(gate.ensureReady());
  await jest.advanceTimersByTimeAsync(BEYOND - 1);
  await rejection(gate.ensureReady());
  expect(bootstrap).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
  await jest.advanceTimersByTimeAsync(2);
  await rejection(gate.ensureReady());
  expect(bootstrap).toHaveBeenCalledTimes(2);
});

test('A2: a limit of Infinity needs no timer', () => {
  void createGate({ bootstrap: never, bootTimeoutMs: Infinity, stallAfterMs: Infinity }).ensureReady();
  expect(jest.getTimerCount()).toBe(0);
});

test('D8: a limit that somebody is promised keeps the process alive until then, a watch does not', () => {
  const setTimer = jest.spyOn(globalThis, 'setTimeout');
  const lasting = (): boolean[] => setTimer.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef());
  const gate = createGate({ bootstrap: never, bootTimeoutMs: 20, stallAfterMs: 10 });
  void rejection(gate.ensureReady({ timeoutMs: 30 }));
  const byTime = setTimer.mock.calls.map(([, ms], n) => [ms, lasting()[n]]);
  expect(byTime.sort()).toEqual([
    [10, false],
    [20, true],
    [30, true],
  ]);
  collectWarnings();
  setTimer.mockClear();
  jest.advanceTimersByTime(10);
  expect([setTimer.mock.calls.map(([, ms]) => ms), lasting()]).toEqual([[10], [false]]); // the next look at the flight
  setTimer.mockClear();
  void createGate({ pilotTimeoutMs: 40 }).wrap(never)();
  expect(setTimer.mock.calls.map(([, ms]) => ms)).toEqual([40]);
  expect(lasting()).toEqual([false]);
});
