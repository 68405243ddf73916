import { type Boot, createGate, type Gate } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, deferred, refusal, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

test('A11: the value and the time limit of the flight at the same moment: one of them counts, for everybody', async () => {
  const clock = new ManualClock();
  const stop = jest.fn();
  const boot = deferred<string>();
  const gate = createGateWith({ bootstrap: { run: () => boot.promise, stop }, bootTimeoutMs: 100 }, clock);
  const callers = [watch(gate.ensureReady()), watch(gate.ensureReady())];
  clock.after(100, () => boot.resolve('at the last moment')); // later in the order of timers than the limit
  await clock.advance(100);
  await settled();
  expect(callers.map(({ state }) => state)).toEqual(['rejected', 'rejected']);
  expect(gate.state).toBe('failed');
  expect(stop).toHaveBeenCalledTimes(1);
});

test('A11: a value that came in the tick before the time limit counts', async () => {
  const clock = new ManualClock();
  const boot = deferred<string>();
  clock.after(100, () => boot.resolve('just in time')); // earlier in the order of timers than the limit
  const gate = createGateWith({ bootstrap: () => boot.promise, bootTimeoutMs: 100 }, clock);
  const caller = gate.ensureReady();
  await clock.advance(100);
  expect(await caller).toBe('just in time');
});

test('A11: the value of a step and its time limit at the same moment: the value is kept or stopped, never both', async () => {
  for (const first of ['value', 'limit']) {
    const clock = new ManualClock();
    const value = deferred<string>();
    const stop = jest.fn();
    const bootstrap = (boot: Boot) => boot.step('a', () => value.promise, { timeoutMs: 100, stop, optional: true });
    if (first === 'value') clock.after(100, () => value.resolve('value'));
    const gate = createGateWith({ bootstrap }, clock);
    const caller = gate.ensureReady();
    if (first === 'limit') clock.after(100, () => value.resolve('value'));
    await clock.advance(100);
    await settled();
    expect(await caller).toBe(first === 'value' ? 'value' : undefined);
    expect(stop).toHaveBeenCalledTimes(first === 'value' ? 0 : 1);
    await gate.close();
    expect(stop).toHaveBeenCalledTimes(1);
  }
});

test('A11: a caller whose time limit is that of the flight is told one thing', async () => {
  const clock = new ManualClock();
  const bootstrap = ({ signal }: Boot): Promise<never> => new Promise((_, no) => (signal.onabort = no));
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100 }, clock);
  const caller = refusal(gate.ensureReady({ timeoutMs: 100 }));
  await clock.advance(100);
  expect((await caller).code).toMatch(/^ERR_GATE_(WAIT|BOOTSTRAP)_TIMEOUT$/);
  expect(gate.waiting).toBe(0);
});

const endings: [string, (gate: Gate<unknown>) => unknown, string][] = [
  ['reset()', (gate) => gate.reset(), 'idle'],
  ['close()', (gate) => gate.close(), 'closed'],
  ['reset() and close()', (gate) => [gate.reset(), gate.close()], 'closed'],
  ['close() and reset()', (gate) => [gate.close(), gate.reset()], 'closed'],
  ['reset() twice', (gate) => [gate.reset(), gate.reset()], 'idle'],
  ['drain() and reset()', (gate) => [gate.drain(), gate.reset()], 'idle'],
];

test.each(endings)('A4: %s in the same tick as the value of the bootstrap', async (_what, end, state) => {
  const boot = deferred<string>();
  const stop = jest.fn();
  const gate = createGate({ bootstrap: { run: () => boot.promise, stop } }) as Gate<unknown>;
  const caller = watch(gate.ensureReady());
  boot.resolve('value');
  end(gate);
  for (let n = 0; n < 3; n++) await settled();
  expect(caller.state).toBe('rejected');
  expect(gate.state).toBe(state);
  expect(stop.mock.calls).toEqual([['value']]);
});

test.each(endings)('A4: %s in the same tick as the failure of the bootstrap', async (_what, end, state) => {
  const warnings = collectWarnings();
  const boot = deferred<string>();
  const gate = createGate({ bootstrap: () => boot.promise }) as Gate<unknown>;
  const caller = watch(gate.ensureReady());
  boot.reject(new Error('no'));
  end(gate);
  for (let n = 0; n < 3; n++) await settled();
  expect(caller.state).toBe('rejected');
  expect(gate.state).toBe(state);
  expect(warnings).toEqual([]);
});

test.each(endings)('A4: %s in the same tick as the time limit of the flight', async (_what, end, state) => {
  collectWarnings();
  const clock = new ManualClock();
  const boot = deferred<string>();
  const stop = jest.fn();
  const gate = createGateWith({ bootstrap: { run: () => boot.promise, stop }, bootTimeoutMs: 100 }, clock);
  const caller = watch(gate.ensureReady());
  clock.after(100, () => void end(gate as Gate<unknown>));
  await clock.advance(100);
  boot.resolve('late');
  for (let n = 0; n < 3; n++) await settled();
  expect(caller.state).toBe('rejected');
  expect(gate.state).toBe(state);
  expect(stop.mock.calls).toEqual([['late']]);
});

test('A11: an abort in the same tick as the value: the caller is settled once', async () => {
  for (const order of ['value first', 'abort first']) {
    const boot = deferred<string>();
    const gate = createGate({ bootstrap: () => boot.promise });
    const abort = new AbortController();
    const settlements: string[] = [];
    void gate.ensureReady({ signal: abort.signal }).then(
      () => settlements.push('value'),
      () => settlements.push('abort'),
    );
    if (order === 'value first') boot.resolve('up');
    abort.abort();
    if (order === 'abort first') boot.resolve('up');
    await settled();
    expect(settlements).toEqual(['abort']);
    expect(gate.waiting).toBe(0);
    expect(gate.state).toBe('ready');
  }
});

test('A11: a caller that comes in the tick in which the gate opens is admitted', async () => {
  const boot = deferred<string>();
  const gate = createGate({ bootstrap: () => boot.promise });
  const late: Promise<string>[] = [];
  gate.onChange((state) => {
    if (state === 'ready') late.push(gate.ensureReady(), gate.ensureReady({ timeoutMs: 1 }));
  });
  const caller = gate.ensureReady();
  boot.resolve('up');
  expect(await caller).toBe('up');
  expect(await Promise.all(late)).toEqual(['up', 'up']);
});

test('A3: a caller that comes in the tick in which the flight fails is denied with its cause', async () => {
  const cause = new Error('no');
  const gate = createGate({ bootstrap: () => Promise.reject(cause), cooldownMs: 0 });
  const late: Promise<unknown>[] = [];
  gate.onChange((state) => {
    if (state === 'failed') late.push(refusal(gate.ensureReady()));
  });
  await refusal(gate.ensureReady());
  expect(await Promise.all(late)).toEqual([expect.objectContaining({ code: 'ERR_GATE_BOOTSTRAP_FAILED', cause })]);
});
