import { createGate, type Gate } from '../../src/index.js';
import { recordHerd } from '../../src/report/index.js';
import { deferred } from '../support.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

test('it records how many wait, from the first to the last, and ends when the gate is open and all have left', async () => {
  const booted = deferred();
  const gate = createGate({ bootstrap: () => booted.promise });
  const { samples } = recordHerd(gate);
  const waiting = [gate.ensureReady()];
  await jest.advanceTimersByTimeAsync(20);
  waiting.push(gate.ensureReady(), gate.ensureReady());
  await jest.advanceTimersByTimeAsync(20);
  booted.resolve();
  await Promise.all(waiting);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(samples.map((sample) => sample.waiting)).toEqual([0, 1, 3, 0]);
  expect(jest.getTimerCount()).toBe(0);
});

test('the times are those of reports', async () => {
  const gate = createGate({ bootstrap: (boot) => boot.step('a', () => new Promise((done) => setTimeout(done, 100))) });
  const { samples } = recordHerd(gate);
  const ready = gate.ensureReady();
  await jest.advanceTimersByTimeAsync(200);
  await ready;
  const [attempt] = gate.report().attempts;
  expect(samples[1]?.at).toBeGreaterThanOrEqual(attempt?.startedAt ?? Infinity);
  expect((samples[1]?.at ?? 0) - (attempt?.startedAt ?? 0)).toBeLessThan(100);
});

test('it sees the whole herd at the moment in which the gate opens, however short the start was', async () => {
  const booted = deferred();
  const gate = createGate({ bootstrap: () => booted.promise });
  const { samples } = recordHerd(gate);
  const herd = Array.from({ length: 70 }, () => gate.ensureReady());
  booted.resolve();
  await Promise.all(herd);
  expect(Math.max(...samples.map(({ waiting }) => waiting))).toBe(70);
});

test('it goes on through a failed flight, and a closed gate ends it', async () => {
  const gate = createGate({ cooldownMs: 0, bootstrap: () => Promise.reject(new Error('no')) });
  const { samples } = recordHerd(gate);
  await expect(gate.ensureReady()).rejects.toThrow('no');
  await expect(gate.ensureReady()).rejects.toThrow();
  expect(samples.at(-1)?.waiting).toBe(0);
  await gate.close();
  expect(jest.getTimerCount()).toBe(0);
});

test('an idle gate costs no timer', () => {
  recordHerd(createGate({ bootstrap: () => 1 }));
  expect(jest.getTimerCount()).toBe(0);
});

test('stop ends it early, also twice', async () => {
  const booted = deferred();
  const gate = createGate({ bootstrap: () => booted.promise });
  const recording = recordHerd(gate);
  const ready = gate.ensureReady();
  recording.stop();
  recording.stop();
  const length = recording.samples.length;
  booted.resolve();
  await ready;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(recording.samples).toHaveLength(length);
});

test('what it remembers is bounded, and a long start keeps its begin and its end', async () => {
  const booted = deferred();
  const gate = createGate({ bootstrap: () => booted.promise });
  const { samples } = recordHerd(gate);
  const herd: Promise<unknown>[] = [];
  for (let round = 0; round < 3_000; round++) {
    herd.push(gate.ensureReady());
    await jest.advanceTimersByTimeAsync(20);
  }
  booted.resolve();
  await Promise.all(herd);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(samples.length).toBeLessThan(512);
  expect(samples.length).toBeGreaterThan(200);
  expect(Math.max(...samples.map(({ waiting }) => waiting))).toBe(3_000);
  expect(samples.at(-1)?.waiting).toBe(0);
  const times = samples.map(({ at }) => at);
  expect([...times].sort((a, b) => a - b)).toEqual(times);
});

describe('when its memory is full', () => {
  /** A gate whose size and state the test sets. */
  const made = { waiting: 0, looks: 0, ready: false };
  const gate = {
    state: 'booting',
    report: () => ({}),
    onChange: () => () => {},
    get waiting() {
      made.looks++;
      return made.waiting;
    },
    get ready() {
      return made.ready;
    },
  } as unknown as Gate;
  beforeEach(() => Object.assign(made, { waiting: 0, looks: 0, ready: false }));

  test.each([0, 1])('it keeps the larger of two sizes, also where every second one is small (%p)', async (parity) => {
    const { samples, stop } = recordHerd(gate);
    for (let round = 0; round < 600; round++) {
      made.waiting = round % 2 === parity ? 100 + (round % 7) : 1;
      await jest.advanceTimersByTimeAsync(20);
    }
    stop();
    expect(samples.length).toBeLessThan(400);
    const thinned = samples.slice(1, 250).map((sample) => sample.waiting);
    expect(thinned.filter((size) => size < 100)).toEqual([]);
  });

  test('it keeps how the herd ended', async () => {
    const { samples } = recordHerd(gate);
    for (let round = 1; round < 511; round++) {
      made.waiting = round;
      await jest.advanceTimersByTimeAsync(20);
    }
    expect(samples).toHaveLength(511);
    Object.assign(made, { waiting: 0, ready: true });
    await jest.advanceTimersByTimeAsync(20);
    expect(samples.length).toBeLessThan(300);
    expect(samples.at(-1)?.waiting).toBe(0);
  });

  test('it looks half as often', async () => {
    const { stop } = recordHerd(gate);
    for (; made.looks < 512; made.waiting++) await jest.advanceTimersByTimeAsync(20);
    made.looks = 0;
    await jest.advanceTimersByTimeAsync(4_000);
    stop();
    expect(made.looks).toBe(100);
  });
});
