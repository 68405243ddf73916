import { getEventListeners } from 'node:events';
import { type Boot } from '../../../src/index.js';
import { createGateWith } from '../../../src/create-gate.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { collectWarnings, refusal } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

test('A1: the attempts of a flight are one flight: callers wait through them', async () => {
  const clock = new ManualClock();
  const attempts: [number, number][] = [];
  const bootstrap = ({ attempt }: Boot): string => {
    attempts.push([attempt, clock.now() - 1_000_000]);
    if (attempt < 4) throw new Error('not yet');
    return 'up';
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 4, delayMs: 100, maxDelayMs: 150 } }, clock);
  const callers = [gate.ensureReady()];
  await settled();
  callers.push(gate.ensureReady());
  await clock.advance(10_000);
  expect(await Promise.all(callers)).toEqual(['up', 'up']);
  // three quarters of 100, then of 150 instead of 200 and 400
  expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2, 3, 4]);
  expect(attempts.map(([, at]) => at)).toEqual([0, 75, 187.5, 300]);
});

test('boot: the delay is at least half of the full one and never more than it', async () => {
  for (const [random, delay] of [
    [0, 250],
    [0.999, 499.75],
  ] as const) {
    const clock = Object.assign(new ManualClock(), { random: () => random });
    const bootstrap = jest.fn().mockRejectedValueOnce(new Error('once')).mockResolvedValue('up');
    const gate = createGateWith({ bootstrap, retry: { attempts: 2 } }, clock);
    const caller = gate.ensureReady();
    await settled();
    await clock.advance(delay - 0.1);
    expect(bootstrap).toHaveBeenCalledTimes(1);
    await clock.advance(0.1);
    expect(bootstrap).toHaveBeenCalledTimes(2);
    await caller;
  }
});

test('A9: completed steps, and the bootstrap, are rolled back between two attempts', async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  const bootstrap = {
    run: async (boot: Boot) => {
      order.push(`run ${boot.attempt}`);
      await boot.step('a', () => boot.attempt, { stop: (n) => order.push(`stop a of ${n}`) });
      await boot.step('b', () => boot.attempt, { stop: (n) => order.push(`stop b of ${n}`) });
      if (boot.attempt === 1) throw new Error('no');
      return boot.attempt;
    },
    stop: (n: number) => order.push(`stop ${n}`),
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 2 } }, clock);
  const caller = gate.ensureReady();
  await settled();
  expect(order).toEqual(['run 1', 'stop b of 1', 'stop a of 1']); // before the delay
  await clock.advance(500);
  expect(await caller).toBe(2);
  await gate.close();
  expect(order.slice(3)).toEqual(['run 2', 'stop 2', 'stop b of 2', 'stop a of 2']);
});

test('A3: a flight that used up its attempts fails with the last error, and the report shows each attempt', async () => {
  const clock = new ManualClock();
  const bootstrap = ({ attempt }: Boot): never => {
    throw new Error(`failure ${attempt}`);
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 3 } }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await clock.advance(60_000);
  expect((await caller).message).toContain('failure 3');
  expect(gate.report().attempts.map(({ attempt, outcome, error }) => [attempt, outcome, error])).toEqual([
    [1, 'failed', 'failure 1'],
    [2, 'failed', 'failure 2'],
    [3, 'failed', 'failure 3'],
  ]);
});

test('boot: retry.when decides whether the flight is repeated; one that throws ends it and is a warning', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const bug = new Error('bug in when');
  const cause = new Error('no');
  const when = jest.fn((): boolean => {
    throw bug;
  });
  const gate = createGateWith({ bootstrap: () => Promise.reject(cause), retry: { attempts: 3, when } }, clock);
  expect((await refusal(gate.ensureReady())).cause).toBe(cause);
  expect(when.mock.calls).toEqual([[cause, 1]]);
  expect(warnings).toMatchObject([
    { code: 'GATE_CALLBACK_FAILED', message: 'The function retry.when failed: bug in when', cause: bug },
  ]);
});

test('boot: a retry.when that returns a promise ends the repetition too, however that settles', async () => {
  const warnings = collectWarnings();
  const answers = [Promise.resolve(true), Promise.reject(new Error('bug in when'))];
  const cause = new Error('no');
  for (const answer of answers) {
    const bootstrap = jest.fn(() => Promise.reject(cause));
    const when = (() => answer) as unknown as () => boolean;
    const gate = createGateWith({ bootstrap, retry: { attempts: 3, when } }, new ManualClock());
    expect((await refusal(gate.ensureReady())).cause).toBe(cause);
    expect(bootstrap).toHaveBeenCalledTimes(1);
  }
  const text = 'The function retry.when failed: it must answer at once, not with a promise';
  expect(warnings.map(({ code, message }) => `${code} ${message}`)).toEqual(
    Array(2).fill(`GATE_CALLBACK_FAILED ${text}`),
  );
});

test('boot: bootTimeoutMs bounds the whole flight, its retries and delays included', async () => {
  const clock = new ManualClock();
  const bootstrap = jest.fn(() => Promise.reject(new Error('no')));
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 1_000, retry: { attempts: 99, delayMs: 800 } }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await clock.advance(1_000);
  expect((await caller).code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  await clock.advance(60_000);
  expect(bootstrap).toHaveBeenCalledTimes(2);
  expect(clock.timers).toBe(0);
});

test('boot: boot.signal is the same in every attempt, and the signal of a step fires when its attempt fails', async () => {
  const clock = new ManualClock();
  const flight: AbortSignal[] = [];
  const steps: AbortSignal[] = [];
  const bootstrap = async (boot: Boot): Promise<void> => {
    flight.push(boot.signal);
    await boot.step('a', ({ signal }) => steps.push(signal));
    await boot.step('b', async ({ signal }) => {
      steps.push(signal);
      if (boot.attempt === 1) throw new Error('no');
    });
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 2 } }, clock);
  const caller = gate.ensureReady();
  await settled();
  await clock.advance(500);
  await caller;
  expect(flight).toHaveLength(2);
  expect(flight[0]).toBe(flight[1]);
  expect(flight[0]?.aborted).toBe(false);
  expect(steps.slice(2).map(({ aborted }) => aborted)).toEqual([false, false]);
});

test('A2: nothing of the gate listens to boot.signal once an attempt has ended', async () => {
  const clock = new ManualClock();
  const signals: AbortSignal[] = [];
  const bootstrap = async (boot: Boot): Promise<void> => {
    signals.push(boot.signal);
    await boot.step('a', () => 1);
    if (boot.attempt < 3) throw new Error('no');
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 3 } }, clock);
  const caller = gate.ensureReady();
  await settled();
  await clock.advance(60_000);
  await caller;
  expect(signals).toHaveLength(3);
  expect(getEventListeners(signals[0]!, 'abort')).toEqual([]);
});
