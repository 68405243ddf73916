/** How long the event loop stands still while a herd is denied. Turns are counted, not times: a slow machine is not wrong. */
import { createServer } from 'node:http';
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { atEnd, dial, listen } from './support/network.js';
import { deferred, held, warnings } from './support/waiting.js';

const HERD = 600;

async function herd() {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  atEnd(() => void gate.close());
  const options = { gate, maxWaiting: HERD, maxWaitingPerConnection: Infinity };
  const port = await listen(createServer(bootstrapGate(() => {}, options)));
  const clients = await Promise.all(
    Array.from({ length: HERD }, () => dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')),
  );
  await held(gate, HERD);
  return { gate, boot, clients };
}

/** How many waited in each turn of the event loop, until none did. */
async function waitingByTurn(gate: { readonly waiting: number }): Promise<number[]> {
  const seen = [gate.waiting];
  while (gate.waiting > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(gate.waiting);
  }
  return seen;
}

const steps = (seen: readonly number[]): number[] => seen.slice(1).map((waiting, at) => seen[at]! - waiting);

test.each(['close', 'reset', 'fail'] as const)(
  'H4: a herd that is denied by %s leaves the event loop free in between, and each gets its answer',
  async (how) => {
    warnings();
    const { gate, boot, clients } = await herd();
    if (how === 'fail') boot.reject(new Error('no'));
    else void gate[how]();
    if (how === 'fail') await new Promise((resolve) => setImmediate(resolve));
    const seen = await waitingByTurn(gate);
    expect(Math.max(...steps(seen))).toBeLessThanOrEqual(64); // two slices, where a turn of ours sees two of the gate's
    expect(seen.length).toBeGreaterThan(HERD / 64);
    for (const client of clients) await client.until('HTTP/1.1 503');
  },
);
