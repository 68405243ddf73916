import type { Stall } from '@bootstrap-gate/deadlock';
import { createGateWith } from '../../src/create-gate.js';
import { type Insight, noInsight } from '../../src/observe/insight.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectMessages, collectWarnings, deferred, never } from '../support.js';

afterEach(() => jest.restoreAllMocks());

const found = {
  text: 'Awaited:\n  connect (/app/db.js:3:12)',
  tookMs: 7,
  awaits: [],
  cycles: [],
  locks: [],
  pools: [],
  blockedSessions: [],
  open: [],
} satisfies Stall;

const pending = [
  expect.stringMatching(/^The step "database" of gate "shop" has been pending for 0\.1 s \(started at .*\)/),
];

function setUp(insight: Partial<Insight> = {}, options: object = {}) {
  const clock = new ManualClock();
  const bootstrap = (boot: { step(name: string, fn: () => unknown): unknown }) => boot.step('database', never);
  const settings = { name: 'shop', stallAfterMs: 100, eager: true, bootstrap, ...options };
  const gate = createGateWith(settings, clock, { ...noInsight, ...insight });
  return { clock, gate };
}

test('D6: the report has no stall before one', async () => {
  const { clock, gate } = setUp();
  await clock.advance(99);
  expect(gate.report()).not.toHaveProperty('stall');
});

test('D6: a stall is in the report as it is told, and with what the process awaits as soon as that is known', async () => {
  const explained = deferred<Stall>();
  const { clock, gate } = setUp({ explain: () => explained.promise });
  const warnings = collectWarnings();
  await clock.advance(100);
  const { stall } = gate.report();
  expect(stall).toEqual({ at: clock.now(), pending, process: null });
  expect(warnings[0]?.message).toBe(stall?.pending[0]);
  explained.resolve(found);
  await settled();
  expect(gate.report().stall).toEqual({ ...stall, process: found });
  expect(JSON.parse(JSON.stringify(gate.report())).stall.process.text).toBe(found.text);
  expect(warnings[1]?.message).toContain(found.text);
});

test('D6: what is found out after the step has ended is not told any more', async () => {
  const [explained, database] = [deferred<Stall>(), deferred()];
  const bootstrap = (boot: { step(name: string, fn: () => unknown): unknown }) =>
    boot.step('database', () => database.promise);
  const { clock, gate } = setUp({ explain: () => explained.promise }, { bootstrap });
  await clock.advance(100);
  database.resolve();
  await gate.ensureReady();
  explained.resolve(found);
  await settled();
  expect(gate.report().stall).toEqual({ at: expect.any(Number), pending, process: null });
});

test('D6: with deadlock off the heap is left alone', async () => {
  const explain = jest.fn(() => Promise.resolve(found));
  const { clock, gate } = setUp({ explain }, { deadlock: 'off' });
  await clock.advance(100);
  expect(explain).not.toHaveBeenCalled();
  expect(gate.report().stall?.process).toBeNull();
});

test('D6: a stop that hangs is a stall as well', async () => {
  const { clock, gate } = setUp(
    { explain: () => Promise.resolve(found) },
    { bootstrap: { run: () => 1, stop: never } },
  );
  await gate.ensureReady();
  void gate.close();
  await settled();
  await clock.advance(100);
  expect(gate.report().stall).toEqual({ at: clock.now(), pending: [expect.stringContaining('stop')], process: found });
});

test('D6: the next flight begins without the stall of the one before', async () => {
  const first = deferred();
  const flights = [first.promise, never()];
  const { clock, gate } = setUp({}, { bootstrap: () => flights.shift() });
  await clock.advance(100);
  first.resolve();
  await gate.ensureReady();
  expect(gate.report()).toHaveProperty('stall');
  await gate.reset();
  void gate.ensureReady();
  expect(gate.report()).not.toHaveProperty('stall');
});

test('D6, P2: bootstrap-gate.stall tells the same', async () => {
  const { clock, gate } = setUp({ explain: () => Promise.resolve(found) });
  const messages = await collectMessages('stall', () => clock.advance(100));
  const { stall } = gate.report();
  const flight = expect.any(Number);
  expect(messages).toEqual([
    { gate: 'shop', type: 'stalled', flight, stall: { ...stall, process: null } },
    { gate: 'shop', type: 'stalled', flight, stall },
  ]);
});
