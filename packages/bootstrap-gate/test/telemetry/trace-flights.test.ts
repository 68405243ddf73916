import { createGate, type Gate, gateNamed } from '../../src/index.js';
import { coreOf } from '../../src/gate/registry.js';
import type { HrTime } from '@opentelemetry/api';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { eventNames, isChild, isError, ms, outcome, passContexts, Recorder } from './spans.js';
import { aborted, atEnd, deferred, until, warnings } from './support.js';

let recorder: Recorder;

beforeEach(() => {
  recorder = new Recorder();
  warnings();
});

/** The number of the gate's flight that runs, as the channel tells it. */
function flightOf(name: string): unknown {
  return coreOf('the test', gateNamed(name)).flightNumber;
}

const names = (): string[] => recorder.spans.map(({ name }) => name);

test('a flight is one span, a root, and each of its steps is a child of it', async () => {
  recorder.traceGates();
  const gate = createGate({
    name: 'shop',
    bootstrap: async (boot) => {
      await boot.step('database', () => 'db');
      await boot.step('migrations', () => undefined);
    },
  });
  await gate.ensureReady();

  expect(names()).toEqual(['step database', 'step migrations', 'flight shop']);
  const flight = recorder.one('flight shop');
  const number = flight.attributes['bootstrap_gate.flight'];
  expect(flight.parentSpanContext).toBeUndefined();
  expect(isError(flight)).toBe(false);
  expect(flight.attributes).toEqual({
    'bootstrap_gate.gate': 'shop',
    'bootstrap_gate.flight': expect.any(Number) as number,
    'bootstrap_gate.attempts': 1,
    'bootstrap_gate.outcome': 'done',
  });
  const step = recorder.one('step database');
  expect(isChild(step, flight) && isChild(recorder.one('step migrations'), flight)).toBe(true);
  expect(step.attributes).toEqual({
    'bootstrap_gate.gate': 'shop',
    'bootstrap_gate.flight': number,
    'bootstrap_gate.step': 'database',
    'bootstrap_gate.attempt': 1,
    'bootstrap_gate.outcome': 'done',
  });
});

test('A6: a flight is a root also when a request that is traced starts it', async () => {
  recorder.traceGates();
  passContexts();
  const gate = createGate({ name: 'shop', bootstrap: () => 1 });
  await recorder.tracer.startActiveSpan('GET /', async (span) => {
    await gate.ensureReady();
    span.end();
  });
  expect(recorder.one('flight shop').spanContext().traceId).not.toBe(recorder.one('GET /').spanContext().traceId);
});

test('a step that a step started is a child of that one', async () => {
  recorder.traceGates();
  await createGate({
    bootstrap: (boot) => boot.step('outer', () => boot.step('inner', () => boot.step('innermost', () => 1))),
  }).ensureReady();
  expect(isChild(recorder.one('step innermost'), recorder.one('step inner'))).toBe(true);
  expect(isChild(recorder.one('step inner'), recorder.one('step outer'))).toBe(true);
  expect(isChild(recorder.one('step outer'), recorder.one('flight bootstrap'))).toBe(true);
});

test('steps of one name have spans of one name, and their numbers as attributes', async () => {
  recorder.traceGates();
  await createGate({
    bootstrap: (boot) => Promise.all([1, 2, 3].map((n) => boot.step('load', () => n))),
  }).ensureReady();
  const steps = recorder.all('step load').map(({ attributes }) => attributes['bootstrap_gate.step']);
  expect(steps.sort()).toEqual(['load', 'load #2', 'load #3']);
});

test('flights of several gates at once keep their steps apart, also under one name', async () => {
  recorder.traceGates();
  const first = deferred();
  const gates = [first.promise, Promise.resolve()].map((until) =>
    createGate({ name: 'twin', bootstrap: (boot) => boot.step('load', () => until) }),
  );
  const ready = gates.map((gate) => gate.ensureReady());
  await ready[1];
  first.resolve();
  await ready[0];
  const flights = recorder.all('flight twin');
  const parents = recorder.all('step load').map((step) => flights.filter((flight) => isChild(step, flight)).length);
  expect(flights).toHaveLength(2);
  expect(parents).toEqual([1, 1]);
  expect(new Set(recorder.all('step load').map((step) => step.spanContext().traceId)).size).toBe(2);
});

test('a failure is an error with its type and an exception, of the step and of the flight', async () => {
  recorder.traceGates();
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const gate = createGate({ bootstrap: (boot) => boot.step('database', () => Promise.reject(refused)) });
  await expect(gate.ensureReady()).rejects.toThrow();
  await gate.close();
  for (const name of ['step database', 'flight bootstrap']) {
    const { attributes, status, events } = recorder.one(name);
    expect(attributes).toMatchObject({ 'bootstrap_gate.outcome': 'failed', 'error.type': 'ECONNREFUSED' });
    expect(status).toEqual({ code: 2, message: 'connect ECONNREFUSED' });
    expect(events).toMatchObject([
      {
        name: 'exception',
        attributes: { 'exception.type': 'ECONNREFUSED', 'exception.message': 'connect ECONNREFUSED' },
      },
    ]);
  }
});

test('the failure of an optional step is an error of its span alone', async () => {
  recorder.traceGates();
  await createGate({
    bootstrap: (boot) => boot.step('cache', () => Promise.reject(new Error('no')), { optional: true }),
  }).ensureReady();
  expect([isError(recorder.one('step cache')), isError(recorder.one('flight bootstrap'))]).toEqual([true, false]);
});

test('an attempt that is repeated is an event of the flight, and its steps are spans with its number', async () => {
  recorder.traceGates();
  const gate = createGate({
    retry: { attempts: 3, delayMs: 0 },
    bootstrap: (boot) =>
      boot.step('database', () => {
        if (boot.attempt < 3) throw new RangeError(`attempt ${boot.attempt}`);
      }),
  });
  await gate.ensureReady();
  const flight = recorder.one('flight bootstrap');
  const steps = recorder.all('step database');
  expect(flight.attributes).toMatchObject({ 'bootstrap_gate.attempts': 3, 'bootstrap_gate.outcome': 'done' });
  expect(isError(flight)).toBe(false);
  expect(flight.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['bootstrap_gate.retry', { 'exception.type': 'RangeError', 'exception.message': 'attempt 1' }],
    ['bootstrap_gate.retry', { 'exception.type': 'RangeError', 'exception.message': 'attempt 2' }],
  ]);
  expect(steps.map((step) => [step.attributes['bootstrap_gate.attempt'], outcome(step)])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'done'],
  ]);
  expect(steps.every((step) => isChild(step, flight))).toBe(true);
});

test('a call that a step repeats is an event of the step, which has one span', async () => {
  recorder.traceGates();
  const connect = jest.fn().mockRejectedValueOnce(new TypeError('not yet'));
  const retry = { attempts: 2, delayMs: 0 };
  await createGate({ bootstrap: (boot) => boot.step('database', connect, { retry }) }).ensureReady();
  const step = recorder.one('step database');
  expect(step.events).toMatchObject([{ name: 'bootstrap_gate.retry', attributes: { 'exception.type': 'TypeError' } }]);
  expect(isError(step)).toBe(false);
});

test('spans begin and end when the gate says so', () => {
  recorder.traceGates();
  const flight = { gate: 'shop', flight: -1, attempts: 1, startedAt: 1_000, durationMs: 500 };
  const step = {
    gate: 'shop',
    flight: -1,
    flightStartedAt: 1_000,
    attempt: 1,
    parent: null,
    step: 'load',
    startedAt: 1_100,
  };
  channel('bootstrap-gate.flight').publish({ ...flight, type: 'start', outcome: 'running' });
  channel('bootstrap-gate.step').publish({ ...step, type: 'start', outcome: 'running' });
  channel('bootstrap-gate.step').publish({
    ...step,
    type: 'end',
    outcome: 'failed',
    endedAt: 1_200,
    error: 'no',
    errorType: 'Error',
  });
  channel('bootstrap-gate.flight').publish({
    ...flight,
    type: 'end',
    outcome: 'failed',
    error: 'no',
    errorType: 'Error',
  });
  const times = recorder.spans.map(({ startTime, endTime, events }) =>
    [startTime, endTime, events[0]?.time as HrTime].map(ms),
  );
  expect(times).toEqual([
    [1_100, 1_200, 1_200],
    [1_000, 1_500, 1_500],
  ]);
});

test('progress is told as events of the step', async () => {
  recorder.traceGates();
  await createGate({
    bootstrap: (boot) =>
      boot.step('load', ({ progress }) => {
        progress(0.5, 'half of it');
        progress(1);
      }),
  }).ensureReady();
  expect(recorder.one('step load').events.map(({ name, attributes }) => [name, attributes])).toEqual([
    [
      'bootstrap_gate.progress',
      { 'bootstrap_gate.progress.fraction': 0.5, 'bootstrap_gate.progress.text': 'half of it' },
    ],
    ['bootstrap_gate.progress', { 'bootstrap_gate.progress.fraction': 1 }],
  ]);
});

test('a flight that is closed ends as aborted, and so does a step that ends after it; neither is an error', async () => {
  recorder.traceGates();
  const gate = createGate({ bootstrap: (boot) => boot.step('database', ({ signal }) => aborted(signal)) });
  const caller = gate.ensureReady().catch(() => {});
  await gate.close();
  await caller;
  const flight = recorder.one('flight bootstrap');
  const step = recorder.one('step database');
  expect([outcome(flight), outcome(step)]).toEqual(['aborted', 'aborted']);
  expect([isError(flight), isError(step)]).toEqual([false, false]);
  expect(isChild(step, flight)).toBe(true);
});

test('a flight that waited for its turn when it was closed is a span without steps', async () => {
  recorder.traceGates();
  const stuck = deferred();
  let calls = 0;
  const gate = createGate({ name: 'shop', bootstrap: () => (calls++ === 0 ? stuck.promise : undefined) });
  const callers = [gate.ensureReady().catch(() => {})];
  void gate.reset(); // its bootstrap ignores the signal
  callers.push(gate.ensureReady().catch(() => {}));
  const closed = gate.close();
  stuck.resolve();
  await Promise.all([closed, ...callers]);
  expect(recorder.all('flight shop').map(outcome)).toEqual(['aborted']);
});

test('a flight that takes too long is an error with the code, and a step that ignores it ends when it ends', async () => {
  recorder.traceGates();
  const stuck = deferred();
  const gate = createGate({ bootTimeoutMs: 1, bootstrap: (boot) => boot.step('database', () => stuck.promise) });
  await expect(gate.ensureReady()).rejects.toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_TIMEOUT' });
  expect(names()).toEqual(['flight bootstrap']);
  const flight = recorder.one('flight bootstrap');
  expect(flight.attributes['error.type']).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  stuck.resolve();
  await gate.close();
  expect(outcome(recorder.one('step database'))).toBe('aborted');
  expect(isChild(recorder.one('step database'), flight)).toBe(true);
});

test('a step that was given up has ended: what its function still tells makes no span', async () => {
  const stop = recorder.traceGates();
  const late = deferred();
  const told = deferred();
  const gate = createGate({
    bootstrap: (boot) =>
      boot.step(
        'slow',
        async ({ progress }) => {
          await late.promise;
          progress(0.5);
          told.resolve();
        },
        { timeoutMs: 1, optional: true },
      ),
  });
  await gate.ensureReady();
  late.resolve();
  await told.promise;
  stop(); // would end a span that was left open
  expect(names()).toEqual(['step slow', 'flight bootstrap']);
  expect(recorder.one('step slow').attributes['error.type']).toBe('ERR_GATE_STEP_TIMEOUT');
  expect(eventNames(recorder.one('step slow'))).toEqual(['exception']);
});

test('a verdict is an event of the flight, and the refused wait an exception', async () => {
  recorder.traceGates();
  const gate: Gate<unknown> = createGate({
    name: 'shop',
    bootstrap: (boot) => boot.step('load', () => gate.ensureReady()),
  });
  await expect(gate.ensureReady()).rejects.toThrow();
  await gate.close();
  const { events, attributes } = recorder.one('flight shop');
  expect(events.map(({ name }) => name)).toEqual(['bootstrap_gate.verdict', 'exception']);
  expect(attributes['error.type']).toBe('ERR_GATE_DEADLOCK');
  expect(events[0]?.attributes).toEqual({
    'bootstrap_gate.verdict.certainty': 'certain',
    'bootstrap_gate.verdict.cycle': [
      expect.stringContaining('bootstrap of gate "shop" waits for step "load" of gate "shop"') as string,
      expect.stringContaining('step "load" of gate "shop" waits for gate "shop"') as string,
    ],
    'bootstrap_gate.verdict.advice': expect.stringContaining('boot.detach()') as string,
  });
});

test('D6: a stall is an event of the flight, with what the process awaits, and so is a loop that was blocked', async () => {
  recorder.traceGates();
  const boot = deferred();
  const gate = createGate({
    name: 'shop',
    eager: true,
    stallAfterMs: 20,
    deadlock: 'off',
    bootstrap: () => boot.promise,
  });
  await until(() => gate.report().stall !== undefined);
  const flight = flightOf('shop');
  const stall = { at: 1, pending: ['The bootstrap …'], process: { text: 'Awaited: a socket' } };
  const blocked = { since: 1, blockedMs: 7_000, stack: ['parse (app.js:1:1)'], children: [], during: ['step "load"'] };
  channel('bootstrap-gate.stall').publish({ gate: 'shop', type: 'stalled', flight, stall });
  channel('bootstrap-gate.stall').publish({ gate: 'shop', type: 'blocked', flight, blocked });
  boot.resolve();
  await gate.ensureReady();
  const [own, ...others] = recorder.one('flight shop').events;
  expect(own).toMatchObject({
    name: 'bootstrap_gate.stall',
    attributes: {
      'bootstrap_gate.stall.pending': [expect.stringMatching(/^The bootstrap of gate "shop" has been pending for /)],
    },
  });
  expect(others.map(({ name, attributes }) => [name, attributes])).toEqual([
    [
      'bootstrap_gate.stall',
      { 'bootstrap_gate.stall.pending': ['The bootstrap …'], 'bootstrap_gate.stall.process': 'Awaited: a socket' },
    ],
    [
      'bootstrap_gate.blocked',
      {
        'bootstrap_gate.blocked.ms': 7_000,
        'bootstrap_gate.blocked.during': ['step "load"'],
        'bootstrap_gate.blocked.stack': ['parse (app.js:1:1)'],
      },
    ],
  ]);
});

test('a verdict about a flight that is over leaves its span alone', async () => {
  recorder.traceGates();
  const gate = createGate({ name: 'shop', deadlock: 'warn', bootstrap: () => 1 });
  await gate.ensureReady();
  const flight = recorder.one('flight shop').attributes['bootstrap_gate.flight'];
  const verdict = { certainty: 'potential', cycle: [], advice: '' };
  channel('bootstrap-gate.verdict').publish({ gate: 'shop', type: 'potential', flight, verdict });
  expect(recorder.one('flight shop').events).toEqual([]);
});

describe('subscribing late', () => {
  test('A10: a flight that had begun is a span from its true beginning, and so are its steps', async () => {
    const starts: number[] = [];
    const note = (message: unknown): void => void starts.push((message as { startedAt: number }).startedAt);
    subscribe('bootstrap-gate.flight', note);
    subscribe('bootstrap-gate.step', note);
    atEnd(() => {
      unsubscribe('bootstrap-gate.flight', note);
      unsubscribe('bootstrap-gate.step', note);
    });
    const end = deferred();
    const gate = createGate({ eager: true, bootstrap: (boot) => boot.step('database', () => end.promise) });
    const [flightStart, stepStart] = starts;
    await until(() => Date.now() > Number(stepStart) + 2); // so that a span that began only now would show
    recorder.traceGates();
    end.resolve();
    await gate.ensureReady();
    const flight = recorder.one('flight bootstrap');
    const step = recorder.one('step database');
    expect(isChild(step, flight)).toBe(true);
    expect([ms(flight.startTime), ms(step.startTime)]).toEqual([flightStart, stepStart]);
    expect([outcome(flight), outcome(step)]).toEqual(['done', 'done']);
  });

  test('A6: a flight of which a step in a span of the application tells first is a root all the same', async () => {
    passContexts();
    const begun = deferred();
    const gate = createGate({
      bootstrap: async (boot) => {
        await begun.promise;
        await recorder.tracer.startActiveSpan('of the application', (span) => {
          return boot.step('database', () => span.end());
        });
      },
    });
    const ready = gate.ensureReady();
    recorder.traceGates();
    begun.resolve();
    await ready;
    expect(recorder.one('flight bootstrap').parentSpanContext).toBeUndefined();
    expect(isChild(recorder.one('step database'), recorder.one('flight bootstrap'))).toBe(true);
  });

  test('a step that ends after its flight is a child of it all the same', async () => {
    const stuck = deferred();
    const gate = createGate({ bootstrap: (boot) => boot.step('database', () => stuck.promise) });
    const caller = gate.ensureReady().catch(() => {});
    recorder.traceGates();
    const closed = gate.close();
    stuck.resolve();
    await Promise.all([closed, caller]);
    expect(names()).toEqual(['flight bootstrap', 'step database']);
    expect(isChild(recorder.one('step database'), recorder.one('flight bootstrap'))).toBe(true);
  });
});

test('unsubscribing in the middle of a flight ends its spans as running, and nothing comes after them', async () => {
  const stop = recorder.traceGates();
  const end = deferred();
  const gate = createGate({ bootstrap: (boot) => boot.step('database', () => end.promise) });
  const ready = gate.ensureReady();
  stop();
  stop();
  end.resolve();
  await ready;
  expect(names()).toEqual(['step database', 'flight bootstrap']);
  expect(recorder.spans.map(outcome)).toEqual(['running', 'running']);
});

test('each subscription traces on its own', async () => {
  const other = new Recorder();
  const stop = recorder.traceGates();
  other.traceGates();
  await createGate({ bootstrap: () => 1 }).ensureReady();
  stop();
  await createGate({ bootstrap: () => 1 }).ensureReady();
  expect([recorder.spans.length, other.spans.length]).toEqual([1, 2]);
});

test('flights that never end do not pile up: beyond a hundred the oldest is ended as running', async () => {
  recorder.traceGates();
  const end = deferred();
  const gates = Array.from({ length: 102 }, (_, n) =>
    createGate({ name: `gate ${n}`, eager: true, bootstrap: (boot) => boot.step('stuck', () => end.promise) }),
  );
  expect(names()).toEqual(['step stuck', 'flight gate 0', 'step stuck', 'flight gate 1']);
  expect(recorder.spans.map(outcome)).toEqual(['running', 'running', 'running', 'running']);
  end.resolve();
  await Promise.all(gates.slice(2).map((gate) => gate.ensureReady()));
});
