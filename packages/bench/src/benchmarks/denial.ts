/** How long the event loop stands still while all held requests are denied. */
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { type Arrival, arrivals } from '../arrivals.js';
import type { Benchmark, Measures } from '../benchmark.js';

const HELD = 10_000;
const byHand = 'a shared promise that rejects';

interface Denying {
  readonly hold: (arrival: Arrival) => void;
  /** Denies them all. */
  readonly deny: () => void;
}

async function measure(make: () => Promise<Denying>): Promise<Measures> {
  // The first herd is small: it loads and compiles what denies.
  await denyAll(make, HELD / 10);
  return denyAll(make, HELD);
}

async function denyAll(make: () => Promise<Denying>, count: number): Promise<Measures> {
  const { arrived } = await arrivals(count, () => {});
  const { hold, deny } = await make();
  for (const arrival of arrived) hold(arrival);
  await turn();
  globalThis.gc?.();
  const begun = performance.now();
  deny();
  let longestMs = performance.now() - begun;
  let last = performance.now();
  for (let answered = 0; answered < count;) {
    await turn();
    longestMs = Math.max(longestMs, performance.now() - last);
    while (answered < count && arrived[answered]!.res.headersSent) answered++;
    last = performance.now();
  }
  return { longestMs, totalMs: performance.now() - begun };
}

/** What everybody writes: the error of a start that failed, for each request that waits. */
async function sharedPromise(): Promise<Denying> {
  let fail!: (error: Error) => void;
  const started = new Promise<void>((_resolve, reject) => (fail = reject));
  const refuse = (res: ServerResponse): void => {
    res.statusCode = 503;
    res.setHeader('Content-Type', 'application/json');
    res.end('{"title":"The application is still starting"}');
  };
  return {
    hold: ({ res, next }) => void started.then(() => next()).catch(() => refuse(res)),
    deny: () => fail(new Error('no database')),
  };
}

async function gate(end: 'close' | 'fail'): Promise<Denying> {
  const { bootstrapGate } = await import('bootstrap-gate/express');
  let fail!: (error: Error) => void;
  const bootstrap = (): Promise<void> => new Promise((_resolve, reject) => (fail = reject));
  const gated = bootstrapGate({ bootstrap, maxWaiting: 1_000_000, waitTimeoutMs: 600_000 });
  return {
    hold: ({ req, res, next }) => gated(req, res, next),
    deny: () => (end === 'close' ? void gated.gate.close({ timeoutMs: 1 }) : fail(new Error('no database'))),
  };
}

const contender = (make: () => Promise<Denying>) => ({ run: () => measure(make), against: byHand });
const gates = { 'bootstrapGate, failed': () => gate('fail'), 'bootstrapGate, closed': () => gate('close') };

export const benchmark: Benchmark = {
  title: `Denying ${HELD.toLocaleString('en')} held requests`,
  about: `The requests come through node:http, each by a connection of its own that leads nowhere, and wait. Then the start fails, or the gate is
closed. The first figure is the longest time for which the event loop did nothing else, the second the time until all are answered. By
hand all are answered in one go.`,
  rounds: 5,
  nodeOptions: ['--no-warnings', '--expose-gc', '--max-old-space-size=4096'],
  metrics: {
    longestMs: { title: 'longest turn, ms', digits: 1 },
    totalMs: { title: 'total, ms', digits: 0 },
  },
  contenders: {
    [byHand]: { run: () => measure(sharedPromise) },
    ...Object.fromEntries(Object.entries(gates).map(([name, make]) => [name, contender(make)])),
  },
  targets: [{ contenders: Object.keys(gates), metric: 'longestMs', of: 'value', atMost: 25 }],
};
