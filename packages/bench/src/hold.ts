/** Holds many requests one way, and looks at what that costs in memory and time. */
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { type Arrival, arrivals } from './arrivals.js';
import type { Measures } from './benchmark.js';
import { holders } from './holders.js';

const REHEARSED = 200;

/** Needs `--expose-gc`. All objects of node:http and of the framework exist before the first look. */
export async function hold(name: string, count: number): Promise<Measures> {
  const rehearsal = await gather(name, REHEARSED);
  rehearsal.holdAll();
  await rehearsal.releaseAll();

  const { arrived, holdAll, releaseAll } = await gather(name, count);
  const before = await heapUsed();
  const holdMs = holdAll();
  const after = await heapUsed();
  // Used after the look, so that the looks differ by what holds the requests, not by requests that are collected.
  if (arrived.length !== count) throw new Error(`${arrived.length} requests are left of ${count}`);
  const releaseMs = await releaseAll();
  return { bytes: (after - before) / count, holdUs: (holdMs / count) * 1e3, releaseUs: (releaseMs / count) * 1e3 };
}

interface Herd {
  readonly arrived: readonly Arrival[];
  /** Both return how long it took, in ms. */
  readonly holdAll: () => number;
  readonly releaseAll: () => Promise<number>;
}

async function gather(name: string, count: number): Promise<Herd> {
  let served = 0;
  let endsResponses = false;
  const serve = (res: ServerResponse): void => {
    served++;
    if (endsResponses) res.end();
  };
  const { server, arrived } = await arrivals(count, serve);
  const holding = await holders[name]?.({ server, serve });
  if (!holding) throw new Error(`nothing is called "${name}"`);
  endsResponses = holding.takesTurns === true;
  return {
    arrived,
    holdAll: () => {
      const begun = performance.now();
      for (const arrival of arrived) holding.hold(arrival);
      return performance.now() - begun;
    },
    releaseAll: async () => {
      const begun = performance.now();
      holding.open();
      // In first-request mode the pilot is not served again.
      while (served < count - 1) await turn();
      return performance.now() - begun;
    },
  };
}

async function heapUsed(): Promise<number> {
  await turn();
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
