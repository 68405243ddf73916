/** Bounds an examination as a whole, so that slow parts do not add up. */

/** The shorter of a time limit and what is left of the whole; never 0. */
export type Limit = (ms: number) => number;

const SHORTEST_MS = 250;

export function limitTo(totalMs: number): Limit {
  const end = performance.now() + totalMs;
  return (ms) => Math.min(ms, Math.max(SHORTEST_MS, end - performance.now()));
}
