/** What outsiders send must not become series, nor keep the process busy. */
import { createGate } from '../../src/index.js';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { Registry } from 'prom-client';
import { measureGates } from '../../src/telemetry/prometheus.js';
import { samples } from './samples.js';
import { atEnd, deferred, held, listening, statusOf } from './support.js';

test('requests of any URL, method and header make no series of their own', async () => {
  const registry = new Registry();
  atEnd(measureGates({ registry }));
  const boot = deferred();
  const options = { name: 'cardinal', bootstrap: () => boot.promise, maxWaiting: 3, exempt: ['/open'] };
  const handler = bootstrapGate((_req, res) => res.end(), options);
  const port = await listening(handler);
  const count = async (): Promise<number> => Object.keys(samples(await registry.metrics())).length;
  const asked = [];
  for (let i = 1; i <= 3; i++) {
    asked.push(statusOf(port, `/held-${i}`));
    await held(handler.gate, i);
  }
  await statusOf(port, '/denied');
  const before = await count();
  for (let i = 0; i < 30; i++) {
    const [method = 'GET'] = [['PUT', 'PATCH', 'DELETE'][i % 3]];
    await statusOf(port, `/denied-${i}`, { method, headers: { [`X-${i}`]: String(i), Host: `host-${i}` } });
    await statusOf(port, `/open?${i}`);
  }
  expect(await count()).toBe(before);
  expect(await registry.metrics()).not.toMatch(/denied-\d|host-\d|held-\d|open/);
  boot.resolve();
  await Promise.all(asked);
});

test('step names of a megabyte, made to look numbered, are measured in linear time', async () => {
  const registry = new Registry();
  atEnd(measureGates({ registry }));
  const name = ' #1'.repeat(300_000);
  await createGate({ name: 'long', bootstrap: (boot) => boot.step(`${name}x`, () => 1) }).ensureReady();
  expect(Object.keys(samples(await registry.metrics(), 'bootstrap_gate_step')).length).toBeGreaterThan(0);
});
