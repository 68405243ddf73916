import { createGate } from '../../../src/index.js';
import { createGateWith } from '../../../src/create-gate.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { collectWarnings, deferred, rejection, watch } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

test('F4: ensureReady and wrapped functions called in a pilot pass at once, to any depth', async () => {
  const gate = createGate();
  const innermost = gate.wrap(async (n: number) => {
    await gate.ensureReady();
    return n;
  });
  const inner = gate.wrap(async (n: number) => {
    await settled(); // the context survives a wait
    return innermost(n * 2);
  });
  const outer = gate.wrap(async () => {
    await gate.ensureReady({ timeoutMs: 1 });
    return Promise.all([inner(1), inner(2)]);
  });
  expect(await outer()).toEqual([2, 4]);
  expect(gate.state).toBe('ready');
});

test('F4: while a pilot runs, others are still held', async () => {
  const gate = createGate();
  const pilotMayEnd = deferred();
  const pilot = gate.wrap(async () => {
    await gate.ensureReady();
    await pilotMayEnd.promise;
  });
  void pilot();
  const other = watch(gate.ensureReady());
  const otherCall = jest.fn();
  void gate.wrap(otherCall)();
  await settled();
  expect(other.state).toBe('pending');
  expect(otherCall).not.toHaveBeenCalled();
  pilotMayEnd.resolve();
  await settled();
  expect(other.state).toBe('fulfilled');
  expect(otherCall).toHaveBeenCalledTimes(1);
});

test('F4: a pilot that failed takes its exemption with it', async () => {
  const gate = createGate();
  let later: Promise<unknown> = Promise.resolve();
  const failed = deferred();
  const wrapped = gate.wrap(() => {
    later = failed.promise.then(() => gate.ensureReady());
    throw new Error('no');
  });
  await rejection(wrapped());
  failed.resolve();
  const rest = watch(later);
  await settled();
  expect(rest.state).toBe('pending'); // what is left of it waits like anybody else
  await gate.wrap(() => 1)();
  await settled();
  expect(rest.state).toBe('fulfilled');
});

test('F4: pilots of two gates may call into each other', async () => {
  const a = createGate({ name: 'a' });
  const b = createGate({ name: 'b' });
  const backInA = a.wrap(async () => 'through both');
  const inB = b.wrap(async () => backInA());
  expect(await a.wrap(async () => inB())()).toBe('through both');
  expect([a.state, b.state]).toEqual(['ready', 'ready']);
});

test('F4: a call that waits inside the pilot of one gate for its turn at another still passes the first one', async () => {
  const clock = new ManualClock();
  const a = createGateWith({ name: 'a' }, clock);
  const b = createGateWith({ name: 'b' }, clock);
  const earlier = deferred();
  void rejection(b.wrap(() => earlier.promise)());
  await settled();
  const inB = b.wrap(async () => {
    await a.ensureReady();
    return 'through both';
  });
  const call = watch(a.wrap(async () => inB())());
  await settled();
  expect(b.waiting).toBe(1);
  earlier.reject(new Error('no')); // what was in line becomes the next pilot of b, on behalf of the pilot of a
  await settled();
  expect(call.state).toBe('fulfilled');
});

test('F4: calls that a pilot made before a reset do not pass after it', async () => {
  collectWarnings();
  const gate = createGate();
  const wasReset = deferred();
  let later: Promise<unknown> = Promise.resolve();
  const pilot = gate.wrap(async () => {
    await wasReset.promise;
    later = gate.ensureReady();
  })();
  await settled();
  await gate.reset();
  wasReset.resolve();
  await pilot;
  const rest = watch(later);
  await settled();
  expect(rest.state).toBe('pending');
});
