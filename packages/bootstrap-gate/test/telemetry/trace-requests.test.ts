/** Held requests over real sockets, in the traces of their own requests. */
import type { RequestListener } from 'node:http';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { isChild, isError, ms, outcome, passContexts, Recorder } from './spans.js';
import { deferred, held, listening, statusOf, until, warnings } from './support.js';

let recorder: Recorder;

beforeEach(() => {
  recorder = new Recorder();
  passContexts();
  warnings();
});

/** A gate behind what an instrumentation of node:http does: a span for each request, which ends with its response. */
async function setUp(options: object = {}) {
  const boot = deferred();
  const guarded = bootstrapGate(
    (req, res) => {
      recorder.tracer.startSpan(`handle ${req.url}`).end();
      res.end('ok');
    },
    { name: 'shop', bootstrap: () => boot.promise, ...options },
  );
  const traced: RequestListener = (req, res) => {
    recorder.tracer.startActiveSpan(`GET ${req.url}`, (span) => {
      res.once('close', () => span.end());
      void guarded(req, res);
    });
  };
  return { port: await listening(traced), gate: guarded.gate, boot };
}

test('a held request that is admitted has a span in its own trace, linked to the flight', async () => {
  recorder.traceGates();
  const { port, gate, boot } = await setUp();
  const replies = [statusOf(port, '/a'), statusOf(port, '/b')];
  await held(gate, 2);
  boot.resolve();
  expect(await Promise.all(replies)).toEqual([200, 200]);
  await until(() => recorder.spans.length === 7);

  const flight = recorder.one('flight shop');
  const waits = recorder.all('wait shop');
  for (const path of ['/a', '/b']) {
    const request = recorder.one(`GET ${path}`);
    const [wait, ...more] = waits.filter((span) => isChild(span, request));
    expect(more).toEqual([]);
    expect(wait?.attributes).toEqual({ 'bootstrap_gate.gate': 'shop', 'bootstrap_gate.outcome': 'admitted' });
    expect(wait?.links).toMatchObject([{ context: { spanId: flight.spanContext().spanId } }]);
    expect(isChild(recorder.one(`handle ${path}`), request)).toBe(true); // it goes on in its own trace
  }
  expect(waits.some(isError)).toBe(false);
});

test('the span of a wait is as long as the wait', async () => {
  recorder.traceGates();
  const { port, gate, boot } = await setUp();
  const before = Date.now();
  const reply = statusOf(port);
  await held(gate, 1);
  const heldAt = Date.now();
  await until(() => Date.now() > heldAt + 5);
  boot.resolve();
  await reply;
  const wait = recorder.one('wait shop');
  const [start, end] = [ms(wait.startTime), ms(wait.endTime)];
  const rounding = 2; // the gate's clock, and this one
  expect(start).toBeGreaterThanOrEqual(before - rounding);
  expect(start).toBeLessThanOrEqual(heldAt + rounding);
  expect(end).toBeGreaterThanOrEqual(heldAt + 5);
});

test('a held request that is denied has a span with the code as its error', async () => {
  recorder.traceGates();
  const { port, gate, boot } = await setUp();
  const reply = statusOf(port);
  await held(gate, 1);
  boot.reject(new Error('no'));
  expect(await reply).toBe(503);
  const wait = recorder.one('wait shop');
  expect(wait.attributes).toMatchObject({
    'bootstrap_gate.outcome': 'denied',
    'error.type': 'ERR_GATE_BOOTSTRAP_FAILED',
  });
  expect(isError(wait)).toBe(true);
  expect(wait.links[0]?.context).toEqual(recorder.one('flight shop').spanContext());
});

test('A7: a held request whose client leaves has a span that is no error', async () => {
  recorder.traceGates();
  const { port, gate, boot } = await setUp();
  const client = new AbortController();
  const reply = statusOf(port, '/left', { signal: client.signal });
  await held(gate, 1);
  client.abort();
  await reply;
  await held(gate, 0);
  await until(() => recorder.all('GET /left').length === 1);
  const wait = recorder.one('wait shop');
  expect([outcome(wait), isError(wait)]).toEqual(['gone', false]);
  expect(isChild(wait, recorder.one('GET /left'))).toBe(true);
  boot.resolve();
  await gate.ensureReady();
  expect(wait.links[0]?.context).toEqual(recorder.one('flight shop').spanContext());
});

test('a request that is held beyond its time is linked to the flight that goes on', async () => {
  recorder.traceGates();
  const { port, gate, boot } = await setUp({ waitTimeoutMs: 1 });
  expect(await statusOf(port)).toBe(503);
  boot.resolve();
  await gate.ensureReady();
  const wait = recorder.one('wait shop');
  expect(wait.attributes['error.type']).toBe('ERR_GATE_WAIT_TIMEOUT');
  expect(wait.links[0]?.context).toEqual(recorder.one('flight shop').spanContext());
});

test('a request that is held during a reset is linked to the flight that let it in', async () => {
  recorder.traceGates();
  const stopped = deferred();
  const { port, gate } = await setUp({ bootstrap: { run: () => 1, stop: () => stopped.promise } });
  await gate.ensureReady();
  const resetting = gate.reset();
  const reply = statusOf(port);
  await held(gate, 1);
  stopped.resolve();
  await resetting;
  expect(await reply).toBe(200);
  const [first, second] = recorder.all('flight shop');
  const [link, ...more] = recorder.one('wait shop').links;
  expect(more).toEqual([]);
  expect(link?.context).toEqual(second?.spanContext());
  expect(link?.context).not.toEqual(first?.spanContext());
});

test('H2: a request that is denied at once was not held and has no span of ours', async () => {
  recorder.traceGates();
  const { port, boot, gate } = await setUp({ maxWaiting: 0 });
  expect(await statusOf(port)).toBe(503);
  boot.resolve();
  await gate.ensureReady();
  expect(recorder.spans.map(({ name }) => name).sort()).toEqual(['GET /', 'flight shop']);
});

test('F1: in first-request mode held requests have spans, and no flight to be linked to', async () => {
  recorder.traceGates();
  const first = deferred();
  const guarded = bootstrapGate(
    (req, res) => void (req.url === '/first' ? first.promise.then(() => res.end()) : res.end()),
    { name: 'shop' },
  );
  const port = await listening((req, res) => void guarded(req, res));
  const pilot = statusOf(port, '/first');
  await until(() => guarded.gate.state === 'booting');
  const second = statusOf(port);
  await held(guarded.gate, 1);
  first.resolve();
  await Promise.all([pilot, second]);
  expect(recorder.one('wait shop')).toMatchObject({ links: [], attributes: { 'bootstrap_gate.outcome': 'admitted' } });
});

test('without a span of the request the wait is a trace of its own, linked all the same', async () => {
  recorder.traceGates();
  const boot = deferred();
  const guarded = bootstrapGate((_req, res) => res.end('ok'), { name: 'shop', bootstrap: () => boot.promise });
  const port = await listening((req, res) => void guarded(req, res));
  const reply = statusOf(port);
  await held(guarded.gate, 1);
  boot.resolve();
  await reply;
  const wait = recorder.one('wait shop');
  expect(wait.parentSpanContext).toBeUndefined();
  expect(wait.links[0]?.context).toEqual(recorder.one('flight shop').spanContext());
});

test('subscribing while a request is held: it has its span, from its true beginning, and its link', async () => {
  const { port, gate, boot } = await setUp();
  const reply = statusOf(port);
  await held(gate, 1);
  const heldAt = Date.now();
  await until(() => Date.now() > heldAt + 5);
  recorder.traceGates();
  boot.resolve();
  await reply;
  const wait = recorder.one('wait shop');
  expect(ms(wait.startTime)).toBeLessThan(heldAt + 3);
  expect(wait.links[0]?.context).toEqual(recorder.one('flight shop').spanContext());
  await until(() => recorder.all('GET /').length === 1);
  expect(isChild(wait, recorder.one('GET /'))).toBe(true);
});

test('unsubscribing while a request is held: it is answered, and nothing is traced', async () => {
  const stop = recorder.traceGates();
  const { port, gate, boot } = await setUp();
  const reply = statusOf(port);
  await held(gate, 1);
  stop();
  boot.resolve();
  expect(await reply).toBe(200);
  expect(recorder.all('wait shop')).toEqual([]);
});
