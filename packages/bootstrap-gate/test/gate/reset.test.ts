import { type Boot, createGate } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { aborted, collectWarnings, deferred, refusal, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

test('A12: reset denies who waits at once, and resolves when the bootstrap has settled and the rollback has ended', async () => {
  const boot = deferred<string>();
  const stopping = deferred();
  const gate = createGate({ name: 'api', bootstrap: { run: () => boot.promise, stop: () => stopping.promise } });
  const waiters = [refusal(gate.ensureReady()), refusal(gate.wrap(() => 1)())];
  const reset = watch(gate.reset());
  expect(gate.waiting).toBe(0);
  expect(gate.state).toBe('failed');
  const errors = await Promise.all(waiters);
  expect(errors.map(({ code }) => code)).toEqual(['ERR_GATE_NOT_READY', 'ERR_GATE_NOT_READY']);
  expect(errors[0]).not.toBe(errors[1]);
  expect(errors[0]?.message).toContain('api');

  boot.resolve('stale');
  await settled();
  expect(reset.state).toBe('pending');
  expect(gate.state).toBe('failed');
  stopping.resolve();
  await settled();
  expect(reset.state).toBe('fulfilled');
  expect(gate.state).toBe('idle');
});

test('A12: reset fires the signal of the running flight with the error that it denies with', async () => {
  const signals: AbortSignal[] = [];
  const gate = createGate({
    bootstrap: ({ signal }: Boot) => {
      signals.push(signal);
      return aborted(signal);
    },
  });
  void refusal(gate.ensureReady());
  await gate.reset();
  expect(signals[0]?.reason).toMatchObject({ code: 'ERR_GATE_NOT_READY' });
});

test('A12: an open gate that is reset is not ready in the same tick, and runs its bootstrap again', async () => {
  let flights = 0;
  const bootstrap = (): number => ++flights;
  const gate = createGate({ bootstrap });
  await gate.ensureReady();
  const reset = gate.reset();
  expect(gate.ready).toBe(false);
  expect(() => gate.value).toThrow(expect.objectContaining({ code: 'ERR_GATE_NOT_READY' }));
  await reset;
  expect(gate.state).toBe('idle');
  expect(await gate.ensureReady()).toBe(2);
});

test('A12: callers that arrive while a reset runs wait for the next flight', async () => {
  const stopping = deferred();
  let flights = 0;
  const run = (): number => ++flights;
  const gate = createGate({ bootstrap: { run, stop: () => stopping.promise } });
  await gate.ensureReady();
  const reset = gate.reset();
  const callers = [gate.ensureReady(), gate.wrap(() => 'called')()];
  await settled();
  expect(gate.waiting).toBe(2);
  expect(flights).toBe(1);
  stopping.resolve();
  await reset;
  expect(await Promise.all(callers)).toEqual([2, 'called']);
});

test('A12: callers that arrive while the rollback of a failed flight runs are denied, and wait once it is reset', async () => {
  const stopping = deferred();
  let fail = true;
  const gate = createGate({
    cooldownMs: 0,
    bootstrap: async (boot: Boot) => {
      await boot.step('a', () => 1, { stop: () => stopping.promise });
      if (fail) throw new Error('no');
      return 'up';
    },
  });
  await refusal(gate.ensureReady());
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  fail = false;
  const reset = gate.reset();
  const caller = gate.ensureReady();
  stopping.resolve();
  await reset;
  expect(await caller).toBe('up');
});

test('A12: reset is idempotent: two resets at once are one', async () => {
  const stop = jest.fn();
  const states: string[] = [];
  const gate = createGate({ bootstrap: { run: () => 1, stop } });
  await gate.ensureReady();
  gate.onChange((state) => states.push(state));
  await Promise.all([gate.reset(), gate.reset()]);
  expect(stop).toHaveBeenCalledTimes(1);
  expect(states).toEqual(['failed', 'idle']);
});

test('A12: a reset while another one runs is that one: who waits for the next flight goes on waiting', async () => {
  const stopping = deferred();
  let flights = 0;
  const gate = createGate({ bootstrap: { run: () => ++flights, stop: () => stopping.promise } });
  await gate.ensureReady();
  const first = gate.reset();
  const caller = gate.ensureReady();
  const second = gate.reset();
  stopping.resolve();
  await Promise.all([first, second]);
  expect(await caller).toBe(2);
});

test('A12: reset of an idle gate resolves and leaves it idle', async () => {
  const bootstrap = jest.fn();
  const gate = createGate({ bootstrap });
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  await gate.reset();
  await gate.reset();
  expect(gate.state).toBe('idle');
  expect(states).toEqual([]);
  expect(bootstrap).not.toHaveBeenCalled();
});

test('A12: reset of a failed gate ends its cooldown', async () => {
  const bootstrap = jest.fn().mockRejectedValueOnce(new Error('once')).mockResolvedValue('up');
  const gate = createGateWith({ bootstrap, cooldownMs: 60_000 }, new ManualClock());
  await refusal(gate.ensureReady());
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  await gate.reset();
  expect(states).toEqual(['idle']); // it was failed before, and is while the reset runs
  expect(gate.state).toBe('idle');
  expect(await gate.ensureReady()).toBe('up');
});

test('A12: reset of a draining gate makes it idle', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  gate.drain();
  await gate.reset();
  expect(gate.state).toBe('idle');
});

test('A12: reset of a closed gate leaves it closed and resolves when the closing has ended', async () => {
  const stopping = deferred();
  const gate = createGate({ bootstrap: { run: () => 1, stop: () => stopping.promise } });
  await gate.ensureReady();
  const close = gate.close();
  const reset = watch(gate.reset());
  await settled();
  expect(reset.state).toBe('pending');
  stopping.resolve();
  await close;
  await settled();
  expect(reset.state).toBe('fulfilled');
  expect(gate.state).toBe('closed');
});

test('A12: a gate that is closed while a reset runs stays closed, and who waits for the next flight is denied', async () => {
  const stopping = deferred();
  const run = jest.fn();
  const gate = createGate({ bootstrap: { run, stop: () => stopping.promise } });
  await gate.ensureReady();
  const reset = gate.reset();
  const caller = refusal(gate.ensureReady());
  const close = gate.close();
  expect((await caller).code).toBe('ERR_GATE_CLOSED');
  stopping.resolve();
  await Promise.all([reset, close]);
  await settled();
  expect(gate.state).toBe('closed');
  expect(run).toHaveBeenCalledTimes(1);
});

test('A12: reset during the delay between two attempts ends the flight at once', async () => {
  const clock = new ManualClock();
  const bootstrap = jest.fn(() => Promise.reject(new Error('no')));
  const gate = createGateWith({ bootstrap, retry: { attempts: 5 } }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await gate.reset();
  expect((await caller).code).toBe('ERR_GATE_NOT_READY');
  await clock.advance(60_000);
  expect(bootstrap).toHaveBeenCalledTimes(1);
  expect(clock.timers).toBe(0);
});

test('A12: reset during the rollback between two attempts waits for it, and not for the delay after it', async () => {
  const clock = new ManualClock();
  const stopping = deferred();
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('a', () => 1, { stop: () => stopping.promise });
    throw new Error('no');
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 5 } }, clock);
  void refusal(gate.ensureReady());
  await settled();
  const reset = watch(gate.reset());
  await settled();
  expect(reset.state).toBe('pending');
  stopping.resolve();
  await settled();
  expect(reset.state).toBe('fulfilled');
  expect(clock.timers).toBe(0);
});

test('A12: a time limit of the flight that was reset does not end the next one', async () => {
  const clock = new ManualClock();
  const boots: Boot[] = [];
  const bootstrap = (boot: Boot): Promise<never> => {
    boots.push(boot);
    return aborted(boot.signal);
  };
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100 }, clock);
  void refusal(gate.ensureReady());
  await clock.advance(60);
  await gate.reset();
  const second = refusal(gate.ensureReady());
  await clock.advance(60);
  expect(gate.state).toBe('booting');
  await clock.advance(40);
  expect((await second).code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
});
test('A12: in first-request mode a reset gate asks for pilots again', async () => {
  collectWarnings();
  const gate = createGate();
  const fn = jest.fn(() => 'ok');
  await gate.wrap(fn)();
  expect(gate.state).toBe('ready');
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  await gate.reset();
  expect(states).toEqual(['idle']); // there is no flight to undo
  expect(gate.state).toBe('idle');
  const waiting = watch(gate.ensureReady());
  await settled();
  expect(waiting.state).toBe('pending');
  await gate.wrap(fn)();
  await settled();
  expect(waiting.state).toBe('fulfilled');
});
