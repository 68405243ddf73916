/** Holds many requests one way, and looks at what that costs in memory and time. */
import { setImmediate as turn } from 'node:timers/promises';
import { arrivals } from './arrivals.js';
import type { Measures } from './benchmark.js';
import { type HolderName, holders } from './holders.js';

/** Needs `--expose-gc`. All objects of node:http and of the framework exist before the first look. */
export async function hold(name: HolderName, count: number): Promise<Measures> {
  let served = 0;
  const serve = (): void => void served++;
  const warmUp = await arrivals(200, serve);
  const rehearsal = await holders[name]({ count: 200, server: warmUp.server, serve });
  for (const arrival of warmUp.arrived) rehearsal.hold(arrival);

  const { server, arrived } = await arrivals(count, serve);
  const { hold, open } = await holders[name]({ count, server, serve });
  served = 0;

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
  while (served < count - 1) await turn();
  const released = performance.now();
  return {
    bytes: (after - before) / count,
    holdUs: ((held - begun) / count) * 1e3,
    releaseUs: ((released - opened) / count) * 1e3,
  };
}

async function heapUsed(): Promise<number> {
  await turn();
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
