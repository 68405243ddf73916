import { type Boot, createGate, type GateReport } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { coreOf } from '../../src/gate/registry.js';
import { clockForAll, ManualClock, settled } from '../manual-clock.js';
import type { Verdict } from '@bootstrap-gate/deadlock';
import { aborted, deferred, never, refusal, rejection } from '../support.js';

const gateKeys = ['gate', 'state', 'attempts', 'admitted', 'denied', 'held', 'verdicts'];
const attemptKeys = ['attempt', 'startedAt', 'durationMs', 'outcome', 'progress', 'error', 'steps', 'stops'];
const stepKeys = [
  ...['name', 'parent', 'state', 'attempts', 'startedAt', 'durationMs', 'waitingMs', 'workingMs', 'waitsFor', 'needs'],
  ...['at', 'progress', 'error'],
];
const stopKeys = ['step', 'state', 'startedAt', 'durationMs', 'waitsFor', 'error'];
const sorted = (keys: object): string[] => Object.keys(keys).sort();

afterEach(() => jest.restoreAllMocks());

/** Whether a report is plain, complete data. */
function expectComplete(report: GateReport): void {
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(sorted(report)).toEqual([...gateKeys].sort());
  for (const attempt of report.attempts) {
    expect(sorted(attempt)).toEqual([...attemptKeys].sort());
    for (const step of attempt.steps) expect(sorted(step)).toEqual([...stepKeys].sort());
    for (const stop of attempt.stops) expect(sorted(stop)).toEqual([...stopKeys].sort());
  }
}

test('P1: a report is complete and serialisable at any moment of a gate', async () => {
  const boot = deferred();
  const stopping = deferred();
  const gate = createGate({
    bootstrap: {
      run: (boot_: Boot) => boot_.step('a', ({ progress }) => (progress(0.5, 'half'), boot.promise), { needs: ['x'] }),
      stop: () => stopping.promise,
    },
  });
  const reports = [gate.report()];
  const listening = gate.onChange(() => reports.push(gate.report()));
  const caller = gate.ensureReady();
  reports.push(gate.report());
  boot.resolve();
  await caller;
  reports.push(gate.report());
  gate.drain();
  const reset = gate.reset();
  reports.push(gate.report());
  stopping.resolve();
  await reset;
  const failing = refusal(gate.ensureReady());
  await gate.close();
  await failing;
  reports.push(gate.report());
  listening();
  reports.forEach(expectComplete);
  expect(new Set(reports.map(({ state }) => state))).toEqual(
    new Set(['idle', 'booting', 'ready', 'draining', 'failed', 'closed']),
  );
});

test('P1: during a flight the report shows its running attempt and steps, with times from the clock', async () => {
  const clock = new ManualClock();
  const slow = deferred();
  const bootstrap = async (boot: Boot): Promise<void> => {
    boot.progress(0.25, 'connecting');
    await boot.step('config', () => {});
    await clock.advance(30);
    await boot.step('load', ({ progress }) => (progress(0.5), slow.promise), { needs: ['config'] });
  };
  const gate = createGateWith({ name: 'api', bootstrap }, clock);
  void gate.ensureReady();
  await settled();
  await settled();
  await clock.advance(70);
  expect(gate.report()).toEqual({
    gate: 'api',
    state: 'booting',
    attempts: [
      {
        attempt: 1,
        startedAt: 1_000_000,
        durationMs: 100,
        outcome: 'running',
        progress: { fraction: 0.25, text: 'connecting' },
        error: null,
        steps: [
          expect.objectContaining({ name: 'config', state: 'done', startedAt: 1_000_000, durationMs: 0, needs: [] }),
          {
            name: 'load',
            parent: null,
            state: 'running',
            attempts: 1,
            startedAt: 1_000_030,
            durationMs: 70,
            waitingMs: 0,
            workingMs: 70,
            waitsFor: [],
            needs: ['config'],
            at: expect.stringMatching(/report\.test\.ts:\d+:\d+/),
            progress: { fraction: 0.5, text: null },
            error: null,
          },
        ],
        stops: [],
      },
    ],
    admitted: 0,
    denied: 0,
    held: 0,
    verdicts: [],
  });
  slow.resolve();
});

test('P1: a step shows what it waits for, and how much of its time it waited', async () => {
  const clock = clockForAll();
  const stockBoot = deferred();
  const stock = createGateWith({ name: 'stock', bootstrap: () => stockBoot.promise }, clock);
  const mayEnd = deferred();
  const bootstrap = (boot: Boot) =>
    boot.step('load', async () => {
      await stock.ensureReady();
      await mayEnd.promise;
    });
  const gate = createGateWith({ name: 'shop', bootstrap }, clock);
  const caller = gate.ensureReady();
  const step = () => gate.report().attempts[0]?.steps[0];
  await clock.advance(40);
  expect(step()?.waitsFor).toEqual([
    { kind: 'gate', name: 'stock', since: clock.start, at: expect.stringMatching(/report\.test\.ts:\d+:\d+/) },
  ]);
  expect(step()).toMatchObject({ durationMs: 40, waitingMs: 40, workingMs: 0 });

  stockBoot.resolve();
  await settled();
  await clock.advance(60);
  expect(step()).toMatchObject({ waitsFor: [], durationMs: 100, waitingMs: 40, workingMs: 60 });
  mayEnd.resolve();
  await caller;
  await clock.advance(1_000);
  expect(step()).toMatchObject({ state: 'done', durationMs: 100, waitingMs: 40, workingMs: 60 });
});

test('P1: a wait for a step of its own counts as waiting, until that has ended', async () => {
  const clock = clockForAll();
  const [inner, outer] = [deferred(), deferred()];
  const bootstrap = (boot: Boot) =>
    boot.step('outer', async () => {
      await boot.step('inner', () => inner.promise);
      await outer.promise;
    });
  const gate = createGateWith({ bootstrap }, clock);
  const ready = gate.ensureReady();
  await clock.advance(40);
  inner.resolve();
  await settled();
  await clock.advance(60);
  expect(gate.report().attempts[0]?.steps[0]).toMatchObject({ waitingMs: 40, workingMs: 60, waitsFor: [] });
  outer.resolve();
  await ready;
  expect(gate.report().attempts[0]).toMatchObject({ outcome: 'done', durationMs: 100, error: null });
});

test('P1: a step shows the step of its own that it waits for', async () => {
  const gate = createGate({
    bootstrap: (boot: Boot) => boot.step('outer', () => boot.step('inner', ({ signal }) => aborted(signal))),
  });
  void refusal(gate.ensureReady());
  const [outer, inner] = gate.report().attempts[0]?.steps ?? [];
  expect(outer?.waitsFor).toMatchObject([{ kind: 'step', name: 'inner' }]);
  expect(inner?.waitsFor).toEqual([]);
  await gate.close();
});

test('P1: a step names the step that started it, also when it has ended, and how often it was tried', async () => {
  const gate = createGate({
    bootstrap: (boot: Boot) =>
      boot.step('outer', async () => {
        await boot.step('inner', ({ attempt }) => (attempt < 3 ? Promise.reject(new Error('not yet')) : attempt), {
          retry: { attempts: 5, delayMs: 0 },
        });
        await Promise.all([1, 2].map((n) => boot.step('twin', () => boot.step('leaf', () => n))));
      }),
  });
  await gate.ensureReady();
  const steps = gate.report().attempts[0]?.steps ?? [];
  expect(steps.map(({ name, parent, attempts }) => [name, parent, attempts])).toEqual([
    ['outer', null, 1],
    ['inner', 'outer', 3],
    ['twin', 'outer', 1],
    ['leaf', 'twin', 1],
    ['twin #2', 'outer', 1],
    ['leaf #2', 'twin #2', 1],
  ]);
});

test('P1: a report shows each stop that was called, in order, since when, and how it ended', async () => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const clock = new ManualClock();
  const closing = deferred();
  const run = async (boot: Boot): Promise<void> => {
    await boot.step('pool', () => 1, { stop: () => Promise.reject(new Error('has gone')) });
    await boot.step('queue', () => 1, { stop: () => closing.promise });
  };
  const gate = createGateWith({ bootstrap: { run, stop: () => clock.advance(10) } }, clock);
  const stops = () => gate.report().attempts[0]?.stops;
  await gate.ensureReady();
  expect(stops()).toEqual([]);
  const closed = gate.close();
  await settled();
  await settled();
  await clock.advance(50);
  const ended = { waitsFor: [], error: null, state: 'done' };
  const own = { ...ended, step: null, startedAt: 1_000_000, durationMs: 10 };
  const queue = { ...ended, step: 'queue', startedAt: 1_000_010 };
  expect(stops()).toEqual([own, { ...queue, state: 'running', durationMs: 50 }]);
  expectComplete(gate.report());
  closing.resolve();
  await closed;
  await clock.advance(50);
  const pool = { ...ended, step: 'pool', startedAt: 1_000_060, durationMs: 0, state: 'failed', error: 'has gone' };
  expect(stops()).toEqual([own, { ...queue, durationMs: 50 }, pool]);
  expectComplete(gate.report());
});

test('P1: the stop of a value that came too late is among them, and those of an attempt that is repeated', async () => {
  const clock = new ManualClock();
  const late = deferred<string>();
  const bootstrap = async (boot: Boot): Promise<void> => {
    if (boot.attempt === 2) return;
    await boot.step('early', () => 1, { stop: () => {} });
    await boot.step('late', () => late.promise, { timeoutMs: 100, stop: () => {} });
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 2, delayMs: 0 } }, clock);
  const ready = gate.ensureReady();
  await settled();
  await clock.advance(100);
  await clock.advance(0);
  await ready;
  late.resolve('late');
  await settled();
  expect(gate.report().attempts.map(({ stops }) => stops.map(({ step, state }) => [step, state]))).toEqual([
    [
      ['early', 'done'],
      ['late', 'done'],
    ],
    [],
  ]);
});

test('P1: a stop shows what it waits for', async () => {
  const stockBoot = deferred();
  const stock = createGate({ name: 'stock', bootstrap: () => stockBoot.promise });
  const gate = createGate({
    bootstrap: (boot: Boot) => boot.step('a', () => 1, { stop: () => stock.ensureReady() }),
  });
  await gate.ensureReady();
  const reset = gate.reset();
  await settled();
  expect(gate.report().attempts[0]?.stops).toMatchObject([
    { step: 'a', waitsFor: [{ kind: 'gate', name: 'stock', at: expect.stringMatching(/report\.test\.ts:\d+/) }] },
  ]);
  stockBoot.resolve();
  await reset;
  expect(gate.report().attempts[0]?.stops).toMatchObject([{ state: 'done', waitsFor: [] }]);
});

test('D2: what is left of a stop that has ended waits on behalf of nobody', async () => {
  const stockBoot = deferred();
  const mayAsk = deferred();
  const stock = createGate({ name: 'stock', bootstrap: () => stockBoot.promise });
  const stop = (): void => void mayAsk.promise.then(() => stock.ensureReady());
  const other = createGate({ bootstrap: never }); // so that contexts are tracked
  const ended = rejection(other.ensureReady());
  const gate = createGate({ bootstrap: { run: () => 1, stop } });
  await gate.ensureReady();
  await gate.close();
  mayAsk.resolve();
  await settled();
  expect(stock.waiting).toBe(1);
  expect(gate.report().attempts[0]?.stops).toMatchObject([{ state: 'done', waitsFor: [] }]);
  stockBoot.resolve();
  void other.close();
  await ended;
});

test('P1: outcomes are done, failed and aborted, and what settles after an abort does not change the record', async () => {
  const clock = new ManualClock();
  const late = deferred<string>();
  const bootstrap = async (boot: Boot): Promise<string> => {
    await boot.step('first', () => 1);
    return boot.step('second', () => late.promise);
  };
  const gate = createGateWith({ bootstrap, bootTimeoutMs: 100 }, clock);
  const outcomes = () => {
    const [attempt] = gate.report().attempts;
    return [attempt?.outcome, ...(attempt?.steps.map(({ state }) => state) ?? [])];
  };
  const caller = refusal(gate.ensureReady());
  expect(outcomes()).toEqual(['running', 'running']);
  await settled();
  expect(outcomes()).toEqual(['running', 'done', 'running']);
  await clock.advance(100);
  await caller;
  expect(gate.report().attempts[0]).toMatchObject({ outcome: 'failed', durationMs: 100 });
  await clock.advance(50);
  late.resolve('late');
  await settled();
  expect(outcomes()).toEqual(['failed', 'done', 'aborted']);
  expect(gate.report().attempts[0]).toMatchObject({ durationMs: 100, error: expect.stringContaining('100 ms') });
});

test('P1: an attempt that was reset is aborted, and stays in the report until the next flight', async () => {
  const gate = createGate({ bootstrap: ({ signal, attempt }: Boot) => (attempt ? aborted(signal) : 1) });
  void refusal(gate.ensureReady());
  await gate.reset();
  expect(gate.report()).toMatchObject({ state: 'idle', attempts: [{ outcome: 'aborted' }] });
});

test('P1: errors are messages, whatever was thrown', async () => {
  const thrown = ['a string', undefined, { toString: () => 'an object' }, new TypeError(''), Object.create(null)];
  const gate = createGate({
    bootstrap: async (boot: Boot) => {
      for (const error of thrown) await rejection(boot.step('a', () => Promise.reject(error)));
    },
  });
  await gate.ensureReady();
  const errors = gate.report().attempts[0]?.steps.map(({ error }) => error);
  expect(errors).toEqual(['a string', 'undefined', 'an object', 'TypeError', expect.any(String)]);
  expectComplete(gate.report());
});

test('P1: a report does not change after it was taken, and changing it changes nothing', async () => {
  const slow = deferred();
  const gate = createGate({
    bootstrap: (boot: Boot) => boot.step('a', ({ progress }) => (progress(0.1), slow.promise), { needs: ['b'] }),
  });
  const caller = gate.ensureReady();
  const before = gate.report();
  const copy = structuredClone(before);
  slow.resolve();
  await caller;
  expect(before).toEqual(copy);
  const step = gate.report().attempts[0]?.steps[0];
  Object.assign(step ?? {}, { name: 'spoilt', state: 'spoilt' });
  Object.assign(step?.progress ?? {}, { fraction: 9 });
  (step?.needs as string[]).push('spoilt');
  expect(gate.report().attempts[0]?.steps[0]).toMatchObject({
    name: 'a',
    state: 'done',
    progress: { fraction: 0.1 },
    needs: ['b'],
  });
});

test('P1: the report keeps the latest 100 verdicts', () => {
  const gate = createGate({ bootstrap: never });
  const verdict = (since: number): Verdict => ({
    certainty: 'certain',
    cycle: [{ owner: 'a', waitsFor: 'b', since, at: 'here' }],
    advice: '',
  });
  for (let n = 0; n < 1_000; n++) coreOf('the test', gate).verdicts.note(verdict(n));
  const { verdicts } = gate.report();
  expect(verdicts.map(({ cycle }) => cycle[0]?.since)).toEqual(Array.from({ length: 100 }, (_, n) => 900 + n));
});
