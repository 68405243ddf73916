import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { never } from '../doors/node/support/never.js';

/** What a client that finds no place is told, while a boot runs of which earlier ones took so long. */
async function retryAfter(durationMs: number): Promise<string | null> {
  const text = JSON.stringify({ version: 1, boots: [{ durationMs, steps: {} }] });
  const gated = bootstrapGate(() => {}, {
    maxWaiting: 0,
    eager: true,
    history: { load: () => text, save() {} },
    bootstrap: never,
  });
  const server = createServer(gated);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await response.text();
  expect(response.status).toBe(503);
  void gated.gate.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return response.headers.get('retry-after');
}

test('N2: without a word of the bootstrap the page shows how far it should be by its history', async () => {
  const text = JSON.stringify({ version: 1, boots: [{ durationMs: 1e9, steps: {} }] });
  const gated = bootstrapGate(() => {}, {
    waitingPage: true,
    history: { load: () => text, save() {} },
    bootstrap: never,
  });
  const server = createServer(gated);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const poll = async (): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${port}/`, { headers: { 'X-Bootstrap-Gate': 'poll' } })).json();
  await poll(); // starts the bootstrap, and the reading of the history
  expect(await poll()).toMatchObject({ state: 'starting', percent: 0 });
  void gated.gate.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('N1: Retry-After is what is left of the boot by its history, in whole seconds from 1 to 60', async () => {
  expect(await retryAfter(30_000)).toMatch(/^(30|2\d)$/);
  expect(await retryAfter(0)).toBe('1');
  expect(await retryAfter(3_600_000)).toBe('60');
});
