/** Holds many requests one way, and looks at what that costs in memory and time. */
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { arrivals } from './arrivals.js';
import type { Measures } from './benchmark.js';
import { holders } from './holders.js';

/** Needs `--expose-gc`. All objects of node:http and of the framework exist before the first look. */
export async function hold(name: string, count: number): Promise<Measures> {
  const warmUp = await place(name, 200);
  for (const arrival of warmUp.arrived) warmUp.hold(arrival);

  const { arrived, hold, open, served } = await place(name, count);
  const before = await heapUsed();
  const begun = performance.now();
  for (const arrival of arrived) hold(arrival);
  const held = performance.now();
  const after = await heapUsed();
  // Used after the look, so that the looks differ by what holds the requests, not by requests that are collected.
  if (arrived.length !== count) throw new Error(`${arrived.length} requests are left of ${count}`);

  const opened = performance.now();
  open();
  // In first-request mode the pilot is not served again.
  while (served() < count - 1) await turn();
  const released = performance.now();
  return {
    bytes: (after - before) / count,
    holdUs: ((held - begun) / count) * 1e3,
    releaseUs: ((released - opened) / count) * 1e3,
  };
}

async function place(name: string, count: number) {
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
  return { ...holding, arrived, served: () => served };
}

async function heapUsed(): Promise<number> {
  await turn();
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
