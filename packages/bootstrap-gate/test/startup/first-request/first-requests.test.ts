import { createGate } from '../../../src/index.js';
import { createGateWith } from '../../../src/create-gate.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { collectWarnings, deferred, type Deferred, never, refusal, rejection, watch } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

/** A function whose calls a test settles one by one. */
function application() {
  const calls: (Deferred<string> & { name: string })[] = [];
  const fn = (name: string): Promise<string> => {
    const call = { ...deferred<string>(), name };
    calls.push(call);
    return call.promise;
  };
  return { calls, fn, names: () => calls.map(({ name }) => name) };
}

test('F1: the first call is the pilot, and the others are held until it has fulfilled', async () => {
  const gate = createGate();
  const { calls, fn, names } = application();
  const wrapped = gate.wrap(fn);
  const pilot = wrapped('pilot');
  const others = [wrapped('a'), wrapped('b')];
  await settled();
  expect(names()).toEqual(['pilot']);
  expect(gate.state).toBe('booting');
  expect(gate.waiting).toBe(2);

  calls[0]?.resolve('answer');
  expect(await pilot).toBe('answer');
  await settled();
  expect(gate.state).toBe('ready');
  expect(names()).toEqual(['pilot', 'a', 'b']);
  calls.forEach(({ resolve }) => resolve('late'));
  expect(await Promise.all(others)).toEqual(['late', 'late']);
});

test('F1: a pilot that is synchronous opens the gate too', async () => {
  const gate = createGate();
  expect(await gate.wrap((n: number) => n + 1)(1)).toBe(2);
  expect(gate.state).toBe('ready');
  expect(gate.value).toBeUndefined();
});

test('F1: ensureReady waits and is never a pilot', async () => {
  const gate = createGate();
  const waiting = watch(gate.ensureReady());
  const waitingToo = watch(gate.ensureReady({ timeoutMs: 60_000 }));
  await settled();
  expect(gate.state).toBe('idle');
  expect(gate.waiting).toBe(2);
  await gate.wrap(() => 1)();
  await settled();
  expect([waiting.state, waitingToo.state]).toEqual(['fulfilled', 'fulfilled']);
});

test('F1: functions that were wrapped one by one share their pilot', async () => {
  const gate = createGate();
  const { calls, fn, names } = application();
  void gate.wrap(fn)('pilot');
  const other = gate.wrap(async () => names())();
  await settled();
  calls[0]?.resolve('');
  expect(await other).toEqual(['pilot']);
});

test('F1: the state is booting while a pilot runs and idle between pilots, without a cooldown', async () => {
  const gate = createGate({ firstRequests: 2 });
  const states: string[] = [];
  gate.onChange((state) => states.push(state));
  const wrapped = gate.wrap((fail: boolean) => {
    if (fail) throw new Error('no');
  });
  await rejection(wrapped(true));
  expect(gate.state).toBe('idle');
  await wrapped(false);
  await wrapped(false);
  expect(states).toEqual(['booting', 'idle', 'booting', 'idle', 'booting', 'ready']);
});

test('F2: a failed pilot is followed by the next in line, and only its own caller sees the failure', async () => {
  const gate = createGate();
  const { calls, fn, names } = application();
  const wrapped = gate.wrap(fn);
  const failing = rejection(wrapped('first'));
  const next = wrapped('second');
  const last = wrapped('third');
  await settled();
  const error = new Error('cold');
  calls[0]?.reject(error);
  expect(await failing).toBe(error);
  await settled();
  expect(names()).toEqual(['first', 'second']);
  expect(gate.ready).toBe(false);

  calls[1]?.resolve('warm');
  expect(await next).toBe('warm');
  await settled();
  expect(names()).toEqual(['first', 'second', 'third']);
  calls[2]?.resolve('fast');
  expect(await last).toBe('fast');
});

test('F2: a pilot that throws synchronously is a failed one', async () => {
  const gate = createGate();
  const error = new Error('at once');
  const wrapped = gate.wrap(() => {
    throw error;
  });
  expect(await rejection(wrapped())).toBe(error);
  expect(gate.state).toBe('idle');
});

test('F2: the gate opens after as many successful pilots as firstRequests says, one after another', async () => {
  const gate = createGate({ firstRequests: 3 });
  const { calls, fn } = application();
  const wrapped = gate.wrap(fn);
  for (let n = 0; n < 10; n++) void wrapped(`${n}`);
  for (const pilots of [1, 2, 3]) {
    await settled();
    expect(calls).toHaveLength(pilots);
    expect(gate.ready).toBe(false);
    calls[pilots - 1]?.resolve('');
  }
  await settled();
  expect(gate.ready).toBe(true);
  expect(calls).toHaveLength(10);
});

test('F2: who waits by ensureReady alone is passed over, however early it came', async () => {
  const gate = createGate();
  const early = watch(gate.ensureReady());
  const { calls, fn } = application();
  const wrapped = gate.wrap(fn);
  void rejection(wrapped('first'));
  void wrapped('second');
  await settled();
  calls[0]?.reject(new Error('no'));
  await settled();
  expect(calls).toHaveLength(2);
  expect(early.state).toBe('pending');
});

test('F2: a call that comes while listeners hear of the failed pilot does not overtake those in line', async () => {
  const gate = createGate();
  const { calls, fn, names } = application();
  const wrapped = gate.wrap(fn);
  void rejection(wrapped('first'));
  void wrapped('in line');
  gate.onChange((state) => {
    if (state === 'idle') void wrapped('newcomer');
  });
  await settled();
  calls[0]?.reject(new Error('no'));
  await settled();
  expect(names()).toEqual(['first', 'in line']);
});

test('F5: a pilot that takes too long no longer holds up the others, no longer counts, and is a warning', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const gate = createGateWith({ name: 'api', pilotTimeoutMs: 100 }, clock);
  const { calls, fn, names } = application();
  const wrapped = gate.wrap(fn);
  const stream = wrapped('stream');
  const next = wrapped('next');
  await clock.advance(99);
  expect(names()).toEqual(['stream']);
  await clock.advance(1);
  expect(names()).toEqual(['stream', 'next']);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_PILOT_TIMEOUT']);
  expect(warnings[0]?.message).toBe(
    'A first request at gate "api" takes longer than 100 ms; the others no longer wait for it.',
  );

  calls[0]?.resolve('ended at last');
  expect(await stream).toBe('ended at last');
  expect(gate.state).toBe('booting'); // not opened by the one that no longer counts
  calls[1]?.resolve('quick');
  expect(await next).toBe('quick');
  expect(gate.state).toBe('ready');
  expect(clock.timers).toBe(0);
});

test('F5: an overdue pilot without others leaves the gate idle, and the next call is a pilot', async () => {
  collectWarnings();
  const clock = new ManualClock();
  const gate = createGateWith({ pilotTimeoutMs: 100 }, clock);
  void gate.wrap(never)();
  await clock.advance(100);
  expect(gate.state).toBe('idle');
  expect(await gate.wrap(() => 'ok')()).toBe('ok');
  expect(gate.state).toBe('ready');
});

test('A12: a pilot under way goes on through a reset and no longer counts', async () => {
  const gate = createGate();
  const { calls, fn } = application();
  const wrapped = gate.wrap(fn);
  const pilot = wrapped('pilot');
  const held = refusal(wrapped('held'));
  await settled();
  await gate.reset();
  expect((await held).code).toBe('ERR_GATE_NOT_READY');
  expect(gate.state).toBe('idle');
  calls[0]?.resolve('answer');
  expect(await pilot).toBe('answer');
  expect(gate.state).toBe('idle');
});

test('A12: a gate that nobody has called yet can be reset and closed', async () => {
  const gate = createGate();
  await gate.reset();
  expect(gate.state).toBe('idle');
  await gate.close();
  expect(gate.state).toBe('closed');
});

test('A12: pilots that succeeded before a reset do not count after it', async () => {
  const gate = createGate({ firstRequests: 2 });
  const wrapped = gate.wrap(() => 1);
  await wrapped();
  await gate.reset();
  await wrapped();
  expect(gate.state).toBe('idle');
  await wrapped();
  expect(gate.state).toBe('ready');
});

test('A12: a pilot under way goes on through a close, and the gate stays closed', async () => {
  const gate = createGate();
  const { calls, fn } = application();
  const wrapped = gate.wrap(fn);
  const pilot = wrapped('pilot');
  const held = refusal(wrapped('held'));
  await settled();
  await gate.close();
  expect((await held).code).toBe('ERR_GATE_CLOSED');
  calls[0]?.resolve('answer');
  expect(await pilot).toBe('answer');
  expect(gate.state).toBe('closed');
});

test('A7: a call that left the line is not made a pilot', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ pilotTimeoutMs: Infinity }, clock);
  const { calls, fn, names } = application();
  void rejection(gate.wrap(fn)('first'));
  const impatient = refusal(gate.wrap(fn, { timeoutMs: 100 })('impatient'));
  void gate.wrap(fn)('patient');
  await clock.advance(100);
  expect((await impatient).code).toBe('ERR_GATE_WAIT_TIMEOUT');
  calls[0]?.reject(new Error('no'));
  await settled();
  expect(names()).toEqual(['first', 'patient']);
});
