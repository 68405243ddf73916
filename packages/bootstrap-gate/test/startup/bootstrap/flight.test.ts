import { createGate } from '../../../src/index.js';
import { createGateWith } from '../../../src/create-gate.js';
import { coreOf } from '../../../src/gate/registry.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { collectWarnings, deferred, never, refusal, rejection } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

test('A1: the bootstrap runs once however many callers there are, and all of them share its value', async () => {
  const boot = deferred<{ db: number }>();
  const bootstrap = jest.fn(() => boot.promise);
  const gate = createGate({ bootstrap });
  const callers = Array.from({ length: 100 }, () => gate.ensureReady());
  expect(gate.waiting).toBe(100);

  const value = { db: 1 };
  boot.resolve(value);

  expect(new Set(await Promise.all(callers))).toEqual(new Set([value]));
  expect(await gate.ensureReady()).toBe(value);
  expect(gate.value).toBe(value);
  expect(bootstrap).toHaveBeenCalledTimes(1);
  expect(gate.waiting).toBe(0);
});

test('A1: callers of ensureReady and of wrapped functions share one flight', async () => {
  const bootstrap = jest.fn(async () => 1);
  const gate = createGate({ bootstrap });
  const twice = gate.wrap((n: number) => n * 2);
  expect(await Promise.all([twice(1), gate.ensureReady(), twice(2), gate.ensureReady()])).toEqual([2, 1, 4, 1]);
  expect(bootstrap).toHaveBeenCalledTimes(1);
});

test('A1: nothing runs before the first caller comes', async () => {
  const bootstrap = jest.fn();
  const gate = createGate({ bootstrap });
  await settled();
  expect(bootstrap).not.toHaveBeenCalled();
  expect(gate.state).toBe('idle');
});

test('A2: a wrapped function runs in the same tick once the gate is ready, with its arguments and its this', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const calls: unknown[] = [];
  const wrapped = gate.wrap(function (this: string, ...args: number[]) {
    calls.push([this, args]);
    return 'done';
  });
  const answer = wrapped.call('me', 1, 2);
  expect(calls).toEqual([['me', [1, 2]]]);
  expect(await answer).toBe('done');
});

test('A2: what a wrapped function throws, or rejects with, at an open gate is what its call rejects with', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const bug = new Error('bug');
  const throws = gate.wrap(() => {
    throw bug;
  });
  expect(await rejection(throws())).toBe(bug);
  expect(await rejection(gate.wrap(() => Promise.reject(bug))())).toBe(bug);
});

test('A2: an open gate leaves no timer behind, and what doors read is a plain own property', async () => {
  const clock = new ManualClock();
  const bootstrap = (): number => 1;
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 1_000, stallAfterMs: 500 }, clock);
  const waiting = gate.ensureReady({ timeoutMs: 100 });
  expect(clock.timers).toBe(3);
  await waiting;
  expect(clock.timers).toBe(0);
  expect(Object.getOwnPropertyDescriptor(coreOf('the test', gate), 'ready')).toMatchObject({ value: true });
});

test('A3: every waiter of a failed flight gets an error of its own with the same cause', async () => {
  const cause = new Error('no database');
  const boot = deferred();
  const gate = createGate({ name: 'api', bootstrap: () => boot.promise });
  const wrapped = gate.wrap(() => 'never');
  const waiters = [gate.ensureReady(), gate.ensureReady(), wrapped()].map(refusal);
  boot.reject(cause);
  const errors = await Promise.all(waiters);

  expect(new Set(errors).size).toBe(3);
  for (const error of errors) {
    expect(error.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
    expect(error.cause).toBe(cause);
    expect(error.message).toContain('api');
    expect(error.message).toContain('no database');
  }
});

test('A3: callers denied during the cooldown get fresh errors with the original cause, and start nothing', async () => {
  const cause = new Error('no database');
  const bootstrap = jest.fn(() => Promise.reject(cause));
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap, cooldownMs: 500 }, clock);
  const first = await refusal(gate.ensureReady());
  await settled();
  await clock.advance(499);
  const later = await refusal(gate.ensureReady());
  const latest = await refusal(gate.wrap(() => 1)());

  expect(new Set([first, later, latest]).size).toBe(3);
  expect([later.cause, latest.cause]).toEqual([cause, cause]);
  expect(later.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(bootstrap).toHaveBeenCalledTimes(1);
});

test('A3: a failure is not remembered for ever: the first caller after the cooldown starts a new flight', async () => {
  const bootstrap = jest.fn().mockRejectedValueOnce(new Error('once')).mockResolvedValue('up');
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap, cooldownMs: 500 }, clock);
  await refusal(gate.ensureReady());
  await clock.advance(500);
  expect(gate.state).toBe('failed');
  expect(await gate.ensureReady()).toBe('up');
  expect(bootstrap).toHaveBeenCalledTimes(2);
});

test('A3: without a cooldown the next caller starts a new flight as soon as the rollback has ended', async () => {
  const bootstrap = jest.fn().mockRejectedValueOnce(new Error('once')).mockResolvedValue('up');
  const gate = createGate({ bootstrap, cooldownMs: 0 });
  await refusal(gate.ensureReady());
  await settled();
  expect(await gate.ensureReady()).toBe('up');
});

test('A3: a failed gate has no value and is not ready', async () => {
  collectWarnings();
  const gate = createGate({ bootstrap: () => Promise.reject(new Error('no')), eager: true });
  await settled();
  expect(gate.ready).toBe(false);
  expect(gate.state).toBe('failed');
  expect(() => gate.value).toThrow(expect.objectContaining({ code: 'ERR_GATE_NOT_READY' }));
});

test('A10: with eager the bootstrap has been called when createGate returns', () => {
  const bootstrap = jest.fn();
  const gate = createGate({ bootstrap, eager: true });
  expect(bootstrap).toHaveBeenCalledTimes(1);
  expect(gate.state).toBe('booting');
});

test('A10: a caller of an eager gate joins the flight under way', async () => {
  const boot = deferred<string>();
  const bootstrap = jest.fn(() => boot.promise);
  const gate = createGate({ bootstrap, eager: true });
  const caller = gate.ensureReady();
  boot.resolve('up');
  expect(await caller).toBe('up');
  expect(bootstrap).toHaveBeenCalledTimes(1);
});

test('A10: without eager the first caller calls the bootstrap in its own tick', () => {
  const bootstrap = jest.fn(never);
  const gate = createGate({ bootstrap });
  void gate.ensureReady();
  expect(bootstrap).toHaveBeenCalledTimes(1);
});
