import { quantile } from './statistics.js';

const WARM_UP = 20;
const BATCHES = 200;

/**
 * Nanoseconds a call, where `batch` makes `calls` of them. Of many batches the fastest tenth is taken: what else runs
 * on the machine can only add to it.
 */
export function nanoseconds(calls: number, batch: (calls: number) => void): number {
  for (let i = 0; i < WARM_UP; i++) batch(calls);
  const times = Array.from({ length: BATCHES }, () => {
    const begun = performance.now();
    batch(calls);
    return performance.now() - begun;
  });
  return (quantile(times, 0.1) / calls) * 1e6;
}

/** The same where each call is awaited. */
export async function awaitedNanoseconds(calls: number, batch: (calls: number) => Promise<void>): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await batch(calls);
  const times: number[] = [];
  for (let i = 0; i < BATCHES; i++) {
    const begun = performance.now();
    await batch(calls);
    times.push(performance.now() - begun);
  }
  return (quantile(times, 0.1) / calls) * 1e6;
}
