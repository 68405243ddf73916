/** What those do not pay who do not use it: open gates, and processes that have one of the libraries alone. */
import diagnostics, { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { Registry } from 'prom-client';
import { measureGates } from '../../src/telemetry/prometheus.js';
import { Recorder } from './spans.js';
import { atEnd, listening, statusOf } from './support.js';

const channels = ['state', 'flight', 'step', 'request', 'verdict', 'stall'].map((name) => `bootstrap-gate.${name}`);

test('P2: of the requests at an open gate nothing is told, traced or measured', async () => {
  const recorder = new Recorder();
  const registry = new Registry();
  recorder.traceGates();
  atEnd(measureGates({ registry }));
  const guarded = bootstrapGate((_req, res) => res.end('ok'), { name: 'shop', bootstrap: () => 1 });
  const port = await listening((req, res) => void guarded(req, res));
  await guarded.gate.ensureReady();
  const told: unknown[] = [];
  const note = (message: unknown): void => void told.push(message);
  for (const name of channels) {
    subscribe(name, note);
    atEnd(() => unsubscribe(name, note));
  }
  const [spans, metrics] = [recorder.spans.length, await registry.metrics()];
  for (let n = 0; n < 3; n++) expect(await statusOf(port)).toBe(200);
  expect(told).toEqual([]);
  expect([recorder.spans.length, await registry.metrics()]).toEqual([spans, metrics]);
  guarded.gate.drain();
  expect(told).toHaveLength(1); // it does listen
});

test('P2: what was subscribed is unsubscribed by the stop', () => {
  const subscribed = jest.spyOn(diagnostics, 'subscribe');
  const unsubscribed = jest.spyOn(diagnostics, 'unsubscribe');
  const stops = [new Recorder().traceGates(), measureGates({ registry: new Registry() })];
  for (const stop of stops) stop();
  expect(new Set(subscribed.mock.calls.map(([name]) => name))).toEqual(new Set([...channels, 'bootstrap-gate.once']));
  expect(unsubscribed.mock.calls).toEqual(subscribed.mock.calls);
  expect(unsubscribed.mock.results.every(({ value }) => value === true)).toBe(true);
  jest.restoreAllMocks();
});

test('the door ./opentelemetry does without prom-client', () => {
  jest.isolateModules(() => {
    jest.doMock('prom-client', () => {
      throw new Error('Cannot find module');
    });
    expect(() => jest.requireActual('../../src/telemetry/prometheus.js')).toThrow('Cannot find module');
    expect(() => jest.requireActual('../../src/telemetry/opentelemetry.js')).not.toThrow();
  });
  jest.dontMock('prom-client');
});
