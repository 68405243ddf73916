/** What is said of a pool whose places are all taken. */
import { publish } from '../channel.js';
import { now } from '../now.js';
import { describe, type Verdict } from '../verdict.js';
import { warn } from '../warnings.js';
import type { PoolWait, Transaction } from './places.js';
import type { TracedPool } from './pool.js';

const ADVICE =
  'Whoever holds a connection and asks for another needs two. Run the inner query on the connection that is held (the ' +
  'transaction), ask for the second one before the first, or give the pool more connections than it has callers.';

/** Nothing can give a place back: each holder waits for one more. */
export function tellExhausted(pool: TracedPool, holders: readonly Transaction[], waits: readonly PoolWait[]): void {
  const cycle = holders.map((holder) => {
    const wait = waits.find(({ inside }) => inside.includes(holder));
    return {
      owner: holder.label,
      waitsFor: `${pool.label}, which has ${pool.size === 1 ? 'one place' : `${pool.size} places, all held`}`,
      since: wait?.since ?? now(),
      at: wait?.at() ?? '',
      heldAt: holder.at(),
    };
  });
  const verdict: Verdict = { certainty: 'certain', cycle, advice: ADVICE };
  publish(verdict);
  warn('GATE_DEADLOCK', `A wait for ${pool.label} cannot be served before it times out:\n${describe(verdict)}`);
}

/** Once, until a place is given back. */
export function tellStalled(pool: TracedPool): void {
  const holders = [...pool.held.values()].map(({ since, at }) => `  held for ${seconds(since)}, taken at ${at()}`);
  const waits = [...pool.waits].map(({ since, at }) => `  waiting for ${seconds(since)}, at ${at()}`);
  const places = pool.size === 1 ? 'its only place' : `all of its ${pool.size} places`;
  warn(
    'GATE_POOL_STALLED',
    `The ${pool.label} has ${places} taken, others wait, and none was given back for ${seconds(now() - pool.stallAfterMs)}:\n` +
      `${[...some(holders), ...some(waits)].join('\n')}\n${ADVICE}`,
  );
}

const MAX_LINES = 8;

const some = (lines: readonly string[]): string[] =>
  lines.length <= MAX_LINES ? [...lines] : [...lines.slice(0, MAX_LINES), `  and ${lines.length - MAX_LINES} more`];

const seconds = (since: number): string => `${((now() - since) / 1000).toFixed(1)} s`;
