import { toChromeTrace } from '../../src/report/index.js';
import { attempt, BEGIN, reportOf, step } from './support/reports.js';

interface TraceEvent {
  readonly ph: 'X' | 'M' | 'C';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, unknown>;
}

interface Trace {
  readonly displayTimeUnit: string;
  readonly otherData: Record<string, string>;
  readonly traceEvents: TraceEvent[];
}

const eventsOf = (text: string, phase: TraceEvent['ph']): TraceEvent[] =>
  (JSON.parse(text) as Trace).traceEvents.filter(({ ph }) => ph === phase);

test('each attempt and step is a complete event, in microseconds since the flight began', () => {
  const waitsFor = [{ kind: 'gate', name: 'stock', since: BEGIN + 60, at: 'x' }];
  const text = toChromeTrace(
    reportOf([
      attempt(0, 100, [
        step('db', 5, 100, { state: 'running', waitingMs: 40, waitsFor, needs: ['config'] }),
        step('mail', 5, 20, { state: 'failed', error: 'no' }),
      ]),
    ]),
  );
  const common = { ph: 'X', cat: 'bootstrap', pid: 1 };
  expect(eventsOf(text, 'X')).toEqual([
    { ...common, name: 'attempt 1', tid: 0, ts: 0, dur: 100_000, args: { state: 'done' } },
    {
      ...common,
      name: 'db',
      tid: 1,
      ts: 5_000,
      dur: 95_000,
      args: {
        state: 'running',
        waitingMs: 40,
        workingMs: 55,
        waitsFor: [{ kind: 'gate', name: 'stock', since: 60 }],
        needs: ['config'],
        at: 'boot (shop.js:1:1)',
      },
    },
    expect.objectContaining({ name: 'mail', tid: 2, args: expect.objectContaining({ state: 'failed', error: 'no' }) }),
  ]);
  expect((JSON.parse(text) as Trace).otherData).toEqual({ startedAt: new Date(BEGIN).toISOString() });
});

test('slices on one thread do not overlap, and threads are used again', () => {
  const steps = [step('a', 0, 50), step('b', 10, 30), step('c', 30, 60), step('d', 50, 70), step('e', 55, 58)];
  const text = toChromeTrace(reportOf([attempt(0, 70, steps)]));
  const byName = Object.fromEntries(eventsOf(text, 'X').map(({ name, tid }) => [name, tid]));
  expect(byName).toEqual({ 'attempt 1': 0, a: 1, b: 2, c: 2, d: 1, e: 3 });
});

test('the gate and its threads have names', () => {
  const text = toChromeTrace(reportOf([attempt(0, 9, [step('a', 0, 9)])]));
  expect(eventsOf(text, 'M').map(({ name, tid, args }) => [name, tid, args.name])).toEqual([
    ['process_name', 0, 'gate "shop"'],
    ['thread_name', 0, 'attempts'],
    ['thread_name', 1, 'steps 1'],
  ]);
});

test('the size of the herd is a counter', () => {
  const samples = [
    { at: BEGIN - 50, waiting: 1 },
    { at: BEGIN - 20, waiting: 2 },
    { at: BEGIN + 30, waiting: 9 },
    { at: BEGIN + 90, waiting: 0 },
  ];
  const counts = eventsOf(toChromeTrace(reportOf([attempt(0, 80, [])]), { herd: { samples } }), 'C');
  expect(counts.map(({ ts, args }) => [ts, args.waiting])).toEqual([
    [0, 2],
    [30_000, 9],
    [90_000, 0],
  ]);
});
