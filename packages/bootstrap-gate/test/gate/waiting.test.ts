import { getEventListeners } from 'node:events';
import { createGate } from '../../src/index.js';
import { readWaitOptions, waitAtGate } from '../../src/gate/callers.js';
import { createGateWith } from '../../src/create-gate.js';
import { coreOf } from '../../src/gate/registry.js';
import { ManualClock, settled } from '../manual-clock.js';
import { deferred, never, refusal, rejection, watch } from '../support.js';

test('A7: the flight goes on when the waiter that started it aborts', async () => {
  const boot = deferred<string>();
  const signals: AbortSignal[] = [];
  const gate = createGate({
    bootstrap: ({ signal }) => {
      signals.push(signal);
      return boot.promise;
    },
  });
  const abort = new AbortController();
  const first = rejection(gate.ensureReady({ signal: abort.signal }));
  const second = gate.ensureReady();
  const reason = { why: 'client went away' };
  abort.abort(reason);

  expect(await first).toBe(reason);
  expect(gate.waiting).toBe(1);
  expect(gate.state).toBe('booting');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  boot.resolve('up');
  expect(await second).toBe('up');
});

test('A7: the flight goes on when every waiter is gone, and the gate opens', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const abort = new AbortController();
  const only = rejection(gate.ensureReady({ signal: abort.signal }));
  abort.abort();
  expect(await only).toMatchObject({ name: 'AbortError' });
  expect(gate.waiting).toBe(0);
  boot.resolve();
  await settled();
  expect(gate.state).toBe('ready');
});

test('A7: a waiter that aborts frees its place in the same tick', () => {
  const gate = createGate({ bootstrap: never });
  const abort = new AbortController();
  void rejection(gate.ensureReady({ signal: abort.signal }));
  expect(gate.waiting).toBe(1);
  abort.abort();
  expect(gate.waiting).toBe(0);
});

test('A7: the flight goes on when the waiter that started it times out', async () => {
  const clock = new ManualClock();
  const boot = deferred<string>();
  const gate = createGateWith({ name: 'api', bootstrap: () => boot.promise }, clock);
  const first = refusal(gate.ensureReady({ timeoutMs: 100 }));
  const second = gate.ensureReady();
  await clock.advance(99);
  expect(gate.waiting).toBe(2);
  await clock.advance(1);
  const error = await first;
  expect(error.code).toBe('ERR_GATE_WAIT_TIMEOUT');
  expect(error.message).toContain('api');
  expect(error.message).toContain('100 ms');
  expect(gate.waiting).toBe(1);
  boot.resolve('up');
  expect(await second).toBe('up');
});

test('A7: a wrapped function that timed out is never called', async () => {
  const clock = new ManualClock();
  const boot = deferred();
  const fn = jest.fn();
  const gate = createGateWith({ bootstrap: () => boot.promise }, clock);
  const call = refusal(gate.wrap(fn, { timeoutMs: 100 })());
  await clock.advance(100);
  expect((await call).code).toBe('ERR_GATE_WAIT_TIMEOUT');
  boot.resolve();
  await settled();
  expect(gate.ready).toBe(true);
  expect(fn).not.toHaveBeenCalled();
});

test('A7: a signal that has fired before the call rejects with its reason and starts nothing', async () => {
  const bootstrap = jest.fn();
  const gate = createGate({ bootstrap });
  const reason = new Error('too late');
  expect(await rejection(gate.ensureReady({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(bootstrap).not.toHaveBeenCalled();
  expect(gate.waiting).toBe(0);
});

test('A7: an open gate, too, rejects a caller whose signal has fired', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  expect(await rejection(gate.ensureReady({ signal: AbortSignal.abort('gone') }))).toBe('gone');
});

test('A11: callers wait as long as the flight unless they say otherwise', async () => {
  const clock = new ManualClock();
  const boot = deferred<string>();
  const gate = createGateWith({ bootstrap: () => boot.promise, stallAfterMs: Infinity }, clock);
  const caller = gate.ensureReady();
  const wrapped = gate.wrap(() => 'called')();
  await clock.advance(7 * 24 * 3_600_000);
  expect(gate.waiting).toBe(2);
  boot.resolve('up');
  expect(await Promise.all([caller, wrapped])).toEqual(['up', 'called']);
});

test.each(['admitted', 'denied', 'timed out', 'aborted'])(
  'A11: a waiter that was %s leaves no listener on its signal and no timer',
  async (how) => {
    const clock = new ManualClock();
    const boot = deferred();
    const gate = createGateWith({ bootstrap: () => boot.promise, stallAfterMs: Infinity }, clock);
    const abort = new AbortController();
    const caller = watch(gate.ensureReady({ signal: abort.signal, timeoutMs: 100 }));
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    expect(clock.timers).toBe(1);

    if (how === 'admitted') boot.resolve();
    else if (how === 'denied') boot.reject(new Error('no'));
    else if (how === 'timed out') await clock.advance(100);
    else abort.abort();
    await settled();

    expect(caller.state).toBe(how === 'admitted' ? 'fulfilled' : 'rejected');
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    expect(clock.timers).toBe(0);
    expect(gate.waiting).toBe(0);
  },
);

test('A11: the first of abort and time limit settles a waiter, the other does nothing', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: never }, clock);
  const abort = new AbortController();
  const caller = rejection(gate.ensureReady({ signal: abort.signal, timeoutMs: 100 }));
  abort.abort('gone');
  await clock.advance(100);
  expect(await caller).toBe('gone');
  expect(gate.waiting).toBe(0);
});

test('A11: thousands of waiters are all let in, in the order of their arrival', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const order: number[] = [];
  const calls = Array.from({ length: 2_000 }, (_, n) => gate.wrap(() => order.push(n))());
  boot.resolve();
  await Promise.all(calls);
  expect(order).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  expect(gate.waiting).toBe(0);
});

test('A11: waiters that are still in line when the gate is reset during the release are denied, not forgotten', async () => {
  const clock = new ManualClock();
  const boot = deferred();
  const gate = createGateWith({ bootstrap: () => boot.promise }, clock);
  const callers = Array.from({ length: 100 }, () => watch(gate.ensureReady()));
  boot.resolve();
  await settled();
  const rest = gate.waiting;
  expect(rest).toBeGreaterThan(0); // the clock's next turn has not come, so only the first slice is released
  const resetting = gate.reset();
  while (gate.waiting > 0) clock.turn();
  await resetting;
  await settled();
  expect(callers.filter(({ state }) => state === 'rejected')).toHaveLength(rest);
  expect(callers.filter(({ state }) => state === 'fulfilled')).toHaveLength(100 - rest);
});

test('A2: where a call waits is put into words when somebody asks, since that costs a stack', async () => {
  const boot = deferred();
  const gate = createGateWith({ bootstrap: () => boot.promise }, new ManualClock());
  const at = jest.fn(() => 'here');
  const wait = (): Promise<unknown> =>
    waitAtGate(coreOf('the test', gate), readWaitOptions(undefined), { canPilot: false, at });
  const outside = wait();
  const other = createGateWith({ bootstrap: wait }, new ManualClock()).ensureReady();
  expect(at).not.toHaveBeenCalled();
  boot.resolve();
  await Promise.all([outside, other]);
});
