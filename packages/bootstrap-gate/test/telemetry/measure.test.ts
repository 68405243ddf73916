/** What Prometheus would read, through a real registry and real sockets. */
import { channel } from 'node:diagnostics_channel';
import { createGate, type Gate } from '../../src/index.js';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { Counter, type OpenMetricsContentType, register, Registry } from 'prom-client';
import { measureGates, type MeasureOptions } from '../../src/telemetry/prometheus.js';
import { samples } from './samples.js';
import { aborted, atEnd, deferred, held, listening, statusOf, until, warnings } from './support.js';

let registry: Registry;

beforeEach(() => {
  registry = new Registry();
});

const read = async (prefix = ''): Promise<Record<string, number>> => samples(await registry.metrics(), prefix);

function measure(options: MeasureOptions = { registry }): () => void {
  const stop = measureGates(options);
  atEnd(stop);
  return stop;
}

test('the state of each gate is 1, and its other states are 0', async () => {
  measure();
  warnings();
  const gate = createGate({ name: 'shop', bootstrap: () => 1 });
  const broken = createGate({ name: 'broken', bootstrap: () => Promise.reject(new Error('no')) });
  await Promise.all([gate.ensureReady(), broken.ensureReady().catch(() => {})]);
  const states = await read('bootstrap_gate_state');
  expect(Object.keys(states)).toHaveLength(12);
  expect(Object.entries(states).filter(([, value]) => value !== 0)).toEqual([
    ['bootstrap_gate_state{gate="shop",state="ready"}', 1],
    ['bootstrap_gate_state{gate="broken",state="failed"}', 1],
  ]);
  await gate.close();
  expect(await read('bootstrap_gate_state')).toMatchObject({
    'bootstrap_gate_state{gate="shop",state="ready"}': 0,
    'bootstrap_gate_state{gate="shop",state="closed"}': 1,
  });
});

test('flights are measured by their outcome, and steps by name and outcome', async () => {
  measure();
  warnings();
  const connect = jest.fn().mockRejectedValueOnce(new Error('once'));
  const gate = createGate({
    name: 'shop',
    bootstrap: (boot) => boot.step('database', connect),
  });
  await gate.ensureReady().catch(() => {});
  await gate.reset();
  await gate.ensureReady();
  const stuck = createGate({ name: 'stuck', bootstrap: (boot) => boot.step('hang', ({ signal }) => aborted(signal)) });
  const caller = stuck.ensureReady().catch(() => {});
  await stuck.close();
  await caller;
  const counts = { ...(await read('bootstrap_gate_flight')), ...(await read('bootstrap_gate_step')) };
  expect(Object.fromEntries(Object.entries(counts).filter(([name]) => name.includes('_count')))).toEqual({
    'bootstrap_gate_flight_duration_seconds_count{gate="shop",outcome="failed"}': 1,
    'bootstrap_gate_flight_duration_seconds_count{gate="shop",outcome="done"}': 1,
    'bootstrap_gate_flight_duration_seconds_count{gate="stuck",outcome="aborted"}': 1,
    'bootstrap_gate_step_duration_seconds_count{gate="shop",step="database",outcome="failed"}': 1,
    'bootstrap_gate_step_duration_seconds_count{gate="shop",step="database",outcome="done"}': 1,
    'bootstrap_gate_step_duration_seconds_count{gate="stuck",step="hang",outcome="aborted"}': 1,
  });
});

test('durations are in seconds', async () => {
  measure();
  const done = { gate: 'shop', type: 'end', outcome: 'done' };
  channel('bootstrap-gate.flight').publish({ ...done, startedAt: 1_000, durationMs: 2_500 });
  channel('bootstrap-gate.step').publish({ ...done, step: 'load', startedAt: 1_000, endedAt: 2_500 });
  channel('bootstrap-gate.request').publish({ gate: 'shop', type: 'admitted', waitedMs: 500, held: 0, code: null });
  expect(Object.entries(await read()).filter(([name]) => name.includes('_seconds_sum'))).toEqual([
    ['bootstrap_gate_wait_duration_seconds_sum{gate="shop",outcome="admitted"}', 0.5],
    ['bootstrap_gate_flight_duration_seconds_sum{gate="shop",outcome="done"}', 2.5],
    ['bootstrap_gate_step_duration_seconds_sum{gate="shop",step="load",outcome="done"}', 1.5],
  ]);
});

test('steps that share a name share a label: a loop does not make a series for each turn', async () => {
  measure();
  await createGate({
    name: 'shop',
    bootstrap: (boot) => Promise.all(Array.from({ length: 50 }, (_, n) => boot.step('shard', () => n))),
  }).ensureReady();
  const counts = Object.entries(await read('bootstrap_gate_step_duration_seconds_count'));
  expect(counts).toEqual([['bootstrap_gate_step_duration_seconds_count{gate="shop",step="shard",outcome="done"}', 50]]);
});

/** A gated server. */
async function setUp(options: object = {}) {
  const boot = deferred();
  const guarded = bootstrapGate((_req, res) => res.end('ok'), {
    name: 'shop',
    bootstrap: () => boot.promise,
    ...options,
  });
  return { port: await listening((req, res) => void guarded(req, res)), gate: guarded.gate, boot };
}

test('requests are counted while they are held, and their waits measured by how they end', async () => {
  measure();
  const { port, gate, boot } = await setUp();
  const client = new AbortController();
  const replies = [statusOf(port), statusOf(port), statusOf(port, '/', { signal: client.signal })];
  await held(gate, 3);
  expect(await read('bootstrap_gate_held')).toEqual({ 'bootstrap_gate_held_requests{gate="shop"}': 3 });
  expect(await read('bootstrap_gate_wait')).toEqual({});
  client.abort();
  await held(gate, 2);
  boot.resolve();
  await Promise.all(replies);
  expect(await read('bootstrap_gate_held')).toEqual({ 'bootstrap_gate_held_requests{gate="shop"}': 0 });
  expect(await read('bootstrap_gate_wait_duration_seconds_count')).toEqual({
    'bootstrap_gate_wait_duration_seconds_count{gate="shop",outcome="gone"}': 1,
    'bootstrap_gate_wait_duration_seconds_count{gate="shop",outcome="admitted"}': 2,
  });
});

test('denials are counted by code; of those, only what was held has waited', async () => {
  measure();
  warnings();
  const { port, gate, boot } = await setUp({ maxWaiting: 1, cooldownMs: 60_000, waitingPage: true });
  const first = statusOf(port);
  await held(gate, 1);
  await Promise.all([statusOf(port), statusOf(port)]);
  boot.reject(new Error('no'));
  await first;
  await statusOf(port);
  expect(await read('bootstrap_gate_denials')).toEqual({
    'bootstrap_gate_denials_total{gate="shop",code="ERR_GATE_QUEUE_FULL"}': 2,
    'bootstrap_gate_denials_total{gate="shop",code="ERR_GATE_BOOTSTRAP_FAILED"}': 2,
  });
  expect(await read('bootstrap_gate_wait_duration_seconds_count')).toEqual({
    'bootstrap_gate_wait_duration_seconds_count{gate="shop",outcome="denied"}': 1,
  });
});

test('N2: a browser that gets the waiting page is counted under its own code', async () => {
  measure();
  const { port, gate, boot } = await setUp({ waitingPage: true });
  expect(await statusOf(port, '/', { headers: { accept: 'text/html' } })).toBe(503);
  boot.resolve();
  await gate.ensureReady();
  expect(await read('bootstrap_gate_denials')).toEqual({
    'bootstrap_gate_denials_total{gate="shop",code="waiting-page"}': 1,
  });
});

test('F1: in first-request mode the waits of pilots are measured as such', async () => {
  measure();
  const first = deferred();
  const guarded = bootstrapGate(
    (req, res) => {
      if (req.url !== '/first') return void res.end();
      res.statusCode = 500;
      void first.promise.then(() => res.end());
    },
    { name: 'shop' },
  );
  const port = await listening((req, res) => void guarded(req, res));
  const failed = statusOf(port, '/first');
  await until(() => guarded.gate.state === 'booting');
  const next = statusOf(port);
  await held(guarded.gate, 1);
  first.resolve();
  await Promise.all([failed, next]);
  expect(await read('bootstrap_gate_wait_duration_seconds_count')).toEqual({
    'bootstrap_gate_wait_duration_seconds_count{gate="shop",outcome="pilot"}': 1, // the first was never held
  });
});

test('verdicts are counted by their certainty', async () => {
  measure();
  const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: () => gate.ensureReady() });
  await expect(gate.ensureReady()).rejects.toThrow();
  expect(await read('bootstrap_gate_verdicts')).toEqual({
    'bootstrap_gate_verdicts_total{gate="shop",certainty="certain"}': 1,
  });
});

test('a verdict on locks alone is counted without a gate', async () => {
  measure();
  const verdict = { certainty: 'proven', cycle: [], advice: '' };
  // As traced locks publish it. Their proof is a snapshot of the heap, which in this process is large.
  channel('bootstrap-gate.verdict').publish({ gate: null, type: 'proven', flight: null, verdict });
  expect(await read('bootstrap_gate_verdicts')).toEqual({
    'bootstrap_gate_verdicts_total{gate="",certainty="proven"}': 1,
  });
});

describe('subscribing late', () => {
  test('A10: a flight that had begun is measured from its true beginning', async () => {
    const end = deferred();
    const gate = createGate({ name: 'shop', eager: true, bootstrap: (boot) => boot.step('load', () => end.promise) });
    const begun = Date.now();
    await until(() => Date.now() > begun + 20);
    measure();
    end.resolve();
    await gate.ensureReady();
    expect(await read('bootstrap_gate_state{gate="shop",state="ready"}')).toEqual({
      'bootstrap_gate_state{gate="shop",state="ready"}': 1,
    });
    const sums = Object.values({
      ...(await read('bootstrap_gate_flight_duration_seconds_sum')),
      ...(await read('bootstrap_gate_step_duration_seconds_sum')),
    });
    expect(sums).toHaveLength(2);
    for (const seconds of sums) expect(seconds).toBeGreaterThanOrEqual(0.018);
  });

  test('requests that were held already are counted rightly', async () => {
    const { port, gate, boot } = await setUp();
    const replies = [statusOf(port), statusOf(port)];
    await held(gate, 2);
    measure();
    replies.push(statusOf(port));
    await held(gate, 3);
    expect(await read('bootstrap_gate_held')).toEqual({ 'bootstrap_gate_held_requests{gate="shop"}': 3 });
    boot.resolve();
    await Promise.all(replies);
    expect(await read('bootstrap_gate_held')).toEqual({ 'bootstrap_gate_held_requests{gate="shop"}': 0 });
    expect(await read('bootstrap_gate_wait_duration_seconds_count')).toEqual({
      'bootstrap_gate_wait_duration_seconds_count{gate="shop",outcome="admitted"}': 3,
    });
  });
});

test('unsubscribing in the middle of a flight takes the metrics out, and one can begin again', async () => {
  const told = warnings();
  const stop = measure();
  const end = deferred();
  const gate = createGate({ name: 'shop', bootstrap: () => end.promise });
  const ready = gate.ensureReady();
  stop();
  expect(await registry.metrics()).toBe('\n');
  measure();
  stop(); // twice: it is not its metrics any more
  end.resolve();
  await ready;
  expect(await read('bootstrap_gate_flight_duration_seconds_count')).toEqual({
    'bootstrap_gate_flight_duration_seconds_count{gate="shop",outcome="done"}': 1,
  });
  expect(told).toEqual([]);
});

test('measuring twice into one registry is a warning; nothing counts double, and the first goes on', async () => {
  const told = warnings();
  measure();
  const stopSecond = measure();
  await createGate({ name: 'shop', bootstrap: () => 1 }).ensureReady();
  stopSecond();
  expect(await read('bootstrap_gate_flight_duration_seconds_count')).toEqual({
    'bootstrap_gate_flight_duration_seconds_count{gate="shop",outcome="done"}': 1,
  });
  expect(told).toMatchObject([
    {
      code: 'GATE_CALLBACK_FAILED',
      message: expect.stringMatching(
        /^measureGates failed: .*bootstrap_gate_state has already been registered/,
      ) as string,
    },
  ]);
});

test("a metric of another's that has one of the names stays, alone, and the gates boot", async () => {
  const told = warnings();
  const theirs = new Counter({ name: 'bootstrap_gate_denials_total', help: 'theirs', registers: [registry] });
  measure();
  await createGate({ bootstrap: () => 1 }).ensureReady();
  theirs.inc();
  expect(registry.getMetricsAsArray()).toEqual([theirs]);
  expect(await read()).toEqual({ bootstrap_gate_denials_total: 1 });
  expect(told).toHaveLength(1);
});

test('a metric that throws never breaks a boot, and is one warning', async () => {
  const told = warnings();
  measure();
  for (const { name } of registry.getMetricsAsArray()) {
    const broken = (): never => {
      throw new Error('out of memory');
    };
    Object.assign(registry.getSingleMetric(name) as object, { set: broken, observe: broken, inc: broken });
  }
  await createGate({ bootstrap: (boot) => boot.step('load', () => 1) }).ensureReady();
  expect(told).toMatchObject([
    { code: 'GATE_CALLBACK_FAILED', message: expect.stringContaining('out of memory') as string },
  ]);
});

test('the default is the registry of prom-client', async () => {
  measure({});
  await createGate({ name: 'shop', bootstrap: () => 1 }).ensureReady();
  expect(await register.metrics()).toContain('bootstrap_gate_state{gate="shop",state="ready"} 1');
});

test('a registry of OpenMetrics is a registry too, and keeps the names', async () => {
  const open = new Registry<OpenMetricsContentType>();
  open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  measure({ registry: open });
  const gate: Gate<unknown> = createGate({ name: 'shop', bootstrap: () => gate.ensureReady() });
  await expect(gate.ensureReady()).rejects.toThrow();
  expect(await open.metrics()).toContain('\nbootstrap_gate_verdicts_total{gate="shop",certainty="certain"} 1\n');
});

test('a name that Prometheus would misread is escaped', async () => {
  measure();
  await createGate({ name: 'a "b"\n\\', bootstrap: () => 1 }).ensureReady();
  const states = await read('bootstrap_gate_state{gate="a \\"b\\"\\n\\\\"');
  expect(Object.keys(states)).toHaveLength(6);
});

test.each([
  [{ registry: {} }, 'measureGates: option "registry" must be a Registry, not an object'],
  [{ registry: 1 }, 'measureGates: option "registry" must be a Registry, not 1'],
  [{ register: {} }, 'measureGates: unknown option "register"; did you mean "registry"? Known are registry'],
])('a wrong option is a TypeError that names it: %j', (options, message) => {
  expect(() => measureGates(options as MeasureOptions)).toThrow(new TypeError(message));
});
