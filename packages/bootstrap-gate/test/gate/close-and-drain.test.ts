import { type Boot, createGate, type Gate } from '../../src/index.js';
import { settled } from '../manual-clock.js';
import { aborted, deferred, refusal, watch } from '../support.js';

test('A12: close denies who waits at once, and resolves when the bootstrap has settled and the rollback has ended', async () => {
  const boot = deferred<string>();
  const stopping = deferred();
  const gate = createGate({ name: 'api', bootstrap: { run: () => boot.promise, stop: () => stopping.promise } });
  const waiters = [refusal(gate.ensureReady()), refusal(gate.wrap(() => 1)())];
  const close = watch(gate.close());
  expect(gate.state).toBe('closed');
  expect(gate.waiting).toBe(0);
  const errors = await Promise.all(waiters);
  expect(errors.map(({ code }) => code)).toEqual(['ERR_GATE_CLOSED', 'ERR_GATE_CLOSED']);
  expect(errors[0]).not.toBe(errors[1]);
  boot.resolve('stale');
  await settled();
  expect(close.state).toBe('pending');
  stopping.resolve();
  await settled();
  expect(close.state).toBe('fulfilled');
});

test('A12: a closed gate denies every caller, starts nothing and has no value', async () => {
  const bootstrap = jest.fn(() => 1);
  const fn = jest.fn();
  const gate = createGate({ name: 'api', bootstrap });
  await gate.ensureReady();
  const wrapped = gate.wrap(fn);
  await gate.close();
  expect(gate.ready).toBe(false);
  const errors = await Promise.all([
    refusal(gate.ensureReady()),
    refusal(gate.ensureReady({ timeoutMs: 1 })),
    refusal(wrapped()),
  ]);
  for (const { code, message } of errors) {
    expect(code).toBe('ERR_GATE_CLOSED');
    expect(message).toContain('api');
  }
  expect(() => gate.value).toThrow(expect.objectContaining({ code: 'ERR_GATE_CLOSED' }));
  expect(bootstrap).toHaveBeenCalledTimes(1);
  expect(fn).not.toHaveBeenCalled();
});

test.each<[string, (gate: Gate<number>) => Promise<unknown>]>([
  ['idle', async () => {}],
  ['ready', (gate) => gate.ensureReady()],
  ['draining', (gate) => gate.ensureReady().then(() => gate.drain())],
  ['idle after a reset', (gate) => gate.ensureReady().then(() => gate.reset())],
])('A12: close is idempotent and works on a gate that is %s', async (_state, prepare) => {
  const gate = createGate({ bootstrap: () => 1 });
  await prepare(gate);
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  await Promise.all([gate.close(), gate.close()]);
  await gate.close();
  expect(states).toEqual(['closed']);
});

test('A12: the second close waits for the first one to have ended', async () => {
  const stopping = deferred();
  const gate = createGate({ bootstrap: { run: () => 1, stop: () => stopping.promise } });
  await gate.ensureReady();
  void gate.close();
  const second = watch(gate.close());
  await settled();
  expect(second.state).toBe('pending');
  stopping.resolve();
  await settled();
  expect(second.state).toBe('fulfilled');
});

test('A12: close fires the signal of the running flight', async () => {
  const boots: Boot[] = [];
  const gate = createGate({
    bootstrap: (boot: Boot) => {
      boots.push(boot);
      return aborted(boot.signal);
    },
  });
  void refusal(gate.ensureReady());
  await gate.close();
  expect(boots[0]?.signal.reason).toMatchObject({ code: 'ERR_GATE_CLOSED' });
});

test('A12: a call that is under way when the gate is closed goes on', async () => {
  const work = deferred<string>();
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const call = gate.wrap(() => work.promise)();
  await gate.close();
  work.resolve('finished');
  expect(await call).toBe('finished');
});

test('A12: close of a failed gate keeps it closed beyond its cooldown', async () => {
  const bootstrap = jest.fn(() => Promise.reject(new Error('no')));
  const gate = createGate({ bootstrap, cooldownMs: 0 });
  await refusal(gate.ensureReady());
  await gate.close();
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_CLOSED');
  expect(bootstrap).toHaveBeenCalledTimes(1);
});

test('A12: a gate is disposed of by closing it', async () => {
  const stop = jest.fn();
  const gate = createGate({ bootstrap: { run: () => 1, stop } });
  await gate.ensureReady();
  await gate[Symbol.asyncDispose]();
  expect(gate.state).toBe('closed');
  expect(stop).toHaveBeenCalledTimes(1);
});

test('A12: drain makes readiness false while work still passes', async () => {
  const gate = createGate({ bootstrap: () => 'value' });
  await gate.ensureReady();
  gate.drain();
  expect(gate.state).toBe('draining');
  expect(gate.ready).toBe(true);
  expect(gate.value).toBe('value');
  expect(await gate.ensureReady()).toBe('value');
  expect(await gate.ensureReady({ timeoutMs: 1 })).toBe('value');
  const calls: number[] = [];
  void gate.wrap(() => calls.push(1))();
  expect(calls).toEqual([1]);
});

test('A12: drain does nothing in any state but ready', async () => {
  const boot = deferred();
  const stopping = deferred();
  const gate = createGate({ bootstrap: { run: () => boot.promise, stop: () => stopping.promise } });
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  gate.drain(); // idle
  const caller = gate.ensureReady();
  gate.drain(); // booting
  boot.resolve();
  await caller;
  const reset = gate.reset();
  gate.drain(); // failed
  stopping.resolve();
  await reset;
  await gate.close();
  gate.drain(); // closed
  expect(states).toEqual(['booting', 'ready', 'failed', 'idle', 'closed']);
});

test('A12: drain is idempotent', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  gate.drain();
  gate.drain();
  expect(states).toEqual(['draining']);
});

test('A12: outside of everything the ends of reset and close are plain promises', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const ends = [gate.reset(), gate.close()];
  expect(ends.map((end) => end.constructor === Promise)).toEqual([true, true]);
  await Promise.all(ends);
});
