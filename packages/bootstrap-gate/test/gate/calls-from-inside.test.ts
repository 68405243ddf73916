import { type Boot, createGate, type Gate, type GateState } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { aborted, collectWarnings, refusal, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

type Method = 'close' | 'reset' | 'drain' | 'ensureReady';
const methods: Method[] = ['close', 'reset', 'drain', 'ensureReady'];

/** Calls a method without waiting for it; twice, because once is not enough to see that it is idempotent. */
const callTwice = (gate: Gate<unknown>, method: Method): void => {
  for (let n = 0; n < 2; n++) void Promise.resolve(gate[method]()).catch(() => {});
};

/** That the gate still does what each state promises, whatever has been done to it. */
async function expectSound(gate: Gate<unknown>, method: Method): Promise<void> {
  for (let n = 0; n < 5; n++) await settled();
  const closed = method === 'close';
  expect(gate.waiting).toBe(0);
  if (closed) {
    expect(gate.state).toBe('closed');
    expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_CLOSED');
    return;
  }
  expect(['idle', 'ready', 'draining', 'failed']).toContain(gate.state);
  await gate.reset();
  expect(gate.state).toBe('idle');
}

const states: GateState[] = ['booting', 'ready', 'draining', 'failed', 'idle', 'closed'];
const fromListeners = methods.flatMap((method) => states.map((state) => [method, state] as const));

test.each(fromListeners)('A12: %s() from an onChange listener at "%s" keeps its promise', async (method, at) => {
  collectWarnings();
  const stop = jest.fn();
  const runs = jest.fn(() => 1);
  const gate: Gate<unknown> = createGate({ bootstrap: { run: runs, stop }, cooldownMs: 0 });
  let called = false;
  gate.onChange((state) => {
    if (state !== at || called) return;
    called = true;
    callTwice(gate, method);
  });
  const callers = [watch(gate.ensureReady()), watch(gate.wrap(() => 1)())];
  await settled();
  gate.drain();
  void gate.reset();
  await settled();
  if (at === 'closed') await gate.close();
  await settled();
  expect(called).toBe(true);
  expect(callers.map(({ state }) => state)).not.toContain('pending');
  await expectSound(gate, at === 'closed' ? 'close' : method);
  expect(stop).toHaveBeenCalledTimes(runs.mock.calls.length); // every flight that succeeded was undone once
});

test.each(methods)('A12: %s() from an abort listener of the bootstrap keeps its promise', async (method) => {
  collectWarnings();
  const clock = new ManualClock();
  const calls = jest.fn();
  const bootstrap = ({ signal }: Boot): Promise<never> => {
    signal.addEventListener('abort', () => {
      calls();
      callTwice(gate, method);
    });
    return aborted(signal);
  };
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100, cooldownMs: 0 }, clock) as Gate<unknown>;
  const caller = refusal(gate.ensureReady());
  await clock.advance(100);
  expect((await caller).code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  await settled();
  if (method === 'ensureReady') expect(gate.state).toBe('failed'); // denied, since the bootstrap had not ended yet
  expect(calls).toHaveBeenCalledTimes(1);
  await expectSound(gate, method);
});

test.each(methods)('A12: %s() from an abort listener that reset() fires keeps its promise', async (method) => {
  let flights = 0;
  const bootstrap = ({ signal, detach }: Boot): unknown => {
    if (++flights > 1) return 'second';
    const call = (): void => callTwice(gate, method);
    // a wait for the gate on behalf of the flight itself is refused (D1), so this one is detached
    signal.addEventListener('abort', () => (method === 'ensureReady' ? detach(call) : call()));
    return aborted(signal);
  };
  const gate: Gate<unknown> = createGate({ bootstrap });
  const caller = refusal(gate.ensureReady());
  await gate.reset();
  expect((await caller).code).toBe('ERR_GATE_NOT_READY');
  await settled();
  expect(gate.state).toBe({ close: 'closed', reset: 'idle', drain: 'idle', ensureReady: 'ready' }[method]);
  await expectSound(gate, method);
});

test.each(methods.flatMap((method) => (['reset', 'close'] as const).map((by) => [method, by] as const)))(
  'A12: %s() from a stop during %s() keeps its promise',
  async (method, by) => {
    const warnings = collectWarnings();
    let stops = 0;
    const stop = (): void => {
      if (++stops === 1) callTwice(gate, method);
    };
    const gate: Gate<unknown> = createGate({ bootstrap: { run: () => 1, stop } });
    await gate.ensureReady();
    await gate[by]();
    await settled();
    expect(warnings).toEqual([]);
    await expectSound(gate, by === 'close' ? 'close' : method);
  },
);

test.each(methods)('A12: %s() from inside the bootstrap, not awaited, keeps its promise', async (method) => {
  const signals: AbortSignal[] = [];
  const gate: Gate<unknown> = createGate({
    cooldownMs: 0,
    bootstrap: async ({ signal }) => {
      signals.push(signal);
      callTwice(gate, method);
      await settled();
      return 'value';
    },
  });
  const caller = watch(gate.ensureReady());
  for (let n = 0; n < 5; n++) await settled();
  const ended = method === 'close' || method === 'reset';
  expect(caller.state).toBe(ended ? 'rejected' : 'fulfilled');
  expect(signals[0]?.aborted).toBe(ended);
  await expectSound(gate, method);
});

test.each(methods)('F1: %s() from inside a pilot keeps its promise', async (method) => {
  const gate: Gate<unknown> = createGate();
  const answer = await gate.wrap(async () => {
    callTwice(gate, method);
    await settled();
    return 'answer';
  })();
  expect(answer).toBe('answer');
  await expectSound(gate, method);
});

test('A12: a listener at "booting" that closes the gate keeps a pilot from starting', async () => {
  const gate = createGate();
  gate.onChange((state) => {
    if (state === 'booting') void gate.close();
  });
  const fn = jest.fn();
  expect((await refusal(gate.wrap(fn)())).code).toBe('ERR_GATE_CLOSED');
  expect(fn).not.toHaveBeenCalled();
});

test('A12: a listener at "booting" that closes the gate keeps the bootstrap from running', async () => {
  const bootstrap = jest.fn();
  const gate = createGate({ bootstrap });
  gate.onChange((state) => {
    if (state === 'booting') void gate.close();
  });
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_CLOSED');
  await settled();
  expect(bootstrap).not.toHaveBeenCalled();
});

test('A12: a gate that is closed by a listener at "ready" admits nobody', async () => {
  const stop = jest.fn();
  const gate = createGate({ bootstrap: { run: () => 1, stop } });
  gate.onChange((state) => {
    if (state === 'ready') void gate.close();
  });
  const fn = jest.fn();
  const callers = await Promise.all([refusal(gate.ensureReady()), refusal(gate.wrap(fn)())]);
  expect(callers.map(({ code }) => code)).toEqual(['ERR_GATE_CLOSED', 'ERR_GATE_CLOSED']);
  expect(fn).not.toHaveBeenCalled();
  await settled();
  expect(stop).toHaveBeenCalledTimes(1);
});
