import { type Boot } from '../../../src/index.js';
import { createGateWith } from '../../../src/create-gate.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { aborted, collectWarnings, type Deferred, deferred, refusal, watch } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

/** A bootstrap whose runs a test settles one by one, whatever their signal says. */
function stubborn<T>() {
  const runs: (Deferred<T> & { boot: Boot })[] = [];
  const bootstrap = (boot: Boot): Promise<T> => {
    const run = { ...deferred<T>(), boot };
    runs.push(run);
    return run.promise;
  };
  return { runs, bootstrap };
}

test('A5: a bootstrap that ignores its signal after a timeout keeps the gate failed, and the errors say that it is still running', async () => {
  const clock = new ManualClock();
  const { runs, bootstrap } = stubborn<string>();
  const gate = createGateWith({ name: 'api', bootstrap, bootTimeoutMs: 100, cooldownMs: 0 }, clock);
  const waiter = refusal(gate.ensureReady());
  await clock.advance(100);
  const error = await waiter;
  expect(error.code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  expect(error.message).toContain('100 ms');

  await clock.advance(60_000);
  expect(gate.state).toBe('failed');
  const later = await refusal(gate.ensureReady());
  expect(later.code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  expect(later.message).toMatch(/still running/);
  expect(later.cause).toBe(error.cause);
  expect(runs).toHaveLength(1);

  runs[0]?.resolve('too late');
  await settled();
  const next = gate.ensureReady();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve('in time');
  expect(await next).toBe('in time');
});

test('A4: a flight that timed out does not open the gate with the value that it delivers later; the value is handed to its stop', async () => {
  const clock = new ManualClock();
  const { runs, bootstrap } = stubborn<string>();
  const stop = jest.fn();
  const gate = createGateWith({ bootstrap: { run: bootstrap, stop }, bootTimeoutMs: 100 }, clock);
  const waiter = refusal(gate.ensureReady());
  await clock.advance(100);
  await waiter;
  expect(runs[0]?.boot.signal.aborted).toBe(true);
  expect(runs[0]?.boot.signal.reason).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_TIMEOUT' });

  runs[0]?.resolve('late');
  await settled();
  expect(gate.state).toBe('failed');
  expect(gate.ready).toBe(false);
  expect(stop.mock.calls).toEqual([['late']]);
});

test('A4: a flight that timed out and fails later changes nothing, and its second failure is no warning', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const { runs, bootstrap } = stubborn();
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100 }, clock);
  const waiter = refusal(gate.ensureReady());
  await clock.advance(100);
  await waiter;
  runs[0]?.reject(new Error('later'));
  await settled();
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  expect(warnings).toEqual([]);
});

test.each(['reset', 'close'] as const)(
  'A4: the value that a bootstrap delivers after %s() goes to its stop, and never to a caller',
  async (method) => {
    const { runs, bootstrap } = stubborn<string>();
    const stop = jest.fn();
    const gate = createGateWith({ bootstrap: { run: bootstrap, stop } }, new ManualClock());
    const waiter = refusal(gate.ensureReady());
    const done = gate[method]();
    expect((await waiter).code).toBe(method === 'reset' ? 'ERR_GATE_NOT_READY' : 'ERR_GATE_CLOSED');
    runs[0]?.resolve('stale');
    await done;
    expect(stop.mock.calls).toEqual([['stale']]);
    expect(gate.state).toBe(method === 'reset' ? 'idle' : 'closed');
    expect(() => gate.value).toThrow();
  },
);

test('A5: the flight after a reset begins only when the bootstrap has settled and the rollback has ended', async () => {
  const { runs, bootstrap } = stubborn<string>();
  const stopping = deferred();
  const stop = jest.fn(() => stopping.promise);
  const gate = createGateWith({ bootstrap: { run: bootstrap, stop } }, new ManualClock());
  void refusal(gate.ensureReady());
  const reset = watch(gate.reset());
  const next = gate.ensureReady();
  await settled();
  expect(runs).toHaveLength(1); // call, reset, call: without turns a second bootstrap would overlap the first
  expect(gate.state).toBe('failed');

  runs[0]?.resolve('stale');
  await settled();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(runs).toHaveLength(1);
  expect(reset.state).toBe('pending');

  stopping.resolve();
  await settled();
  expect(reset.state).toBe('fulfilled');
  expect(runs).toHaveLength(2);
  runs[1]?.resolve('fresh');
  expect(await next).toBe('fresh');
});

test('A5: waiters are denied before the rollback, and callers during the rollback are denied too', async () => {
  const stopping = deferred();
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('database', () => 'db', { stop: () => stopping.promise });
    throw new Error('no migrations');
  };
  const gate = createGateWith({ bootstrap, cooldownMs: 0 }, new ManualClock());
  const error = await refusal(gate.ensureReady());
  expect(error.message).toContain('no migrations');
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(gate.state).toBe('failed');
  stopping.resolve();
  await settled();
  expect((await refusal(gate.ensureReady())).cause).not.toBe(error.cause); // a flight of its own
});

test('A5: a time limit that ends an obedient bootstrap lets the next flight start after the cooldown', async () => {
  const clock = new ManualClock();
  const bootstrap = jest.fn(({ signal }: Boot) => aborted(signal));
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100, cooldownMs: 50 }, clock);
  const first = refusal(gate.ensureReady());
  await clock.advance(100);
  await first;
  expect((await refusal(gate.ensureReady())).message).not.toMatch(/still running/);
  await clock.advance(50);
  const second = refusal(gate.ensureReady());
  expect(bootstrap).toHaveBeenCalledTimes(2);
  await clock.advance(100);
  await second;
});

test('A5: the error of a flight that timed out names the steps that were pending', async () => {
  const clock = new ManualClock();
  const bootstrap = (boot: Boot) => boot.step('database', ({ signal }) => aborted(signal));
  const gate = createGateWith({ name: 'api', bootstrap, bootTimeoutMs: 100 }, clock);
  const waiter = refusal(gate.ensureReady());
  await clock.advance(100);
  expect((await waiter).message).toContain('"database"');
});
