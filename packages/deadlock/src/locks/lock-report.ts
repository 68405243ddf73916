/** Who holds which traced lock, and who waits for it, at any time. */
import { epochOf, now } from '../now.js';
import { processWide } from '../process-wide.js';
import type { Lock } from './lock.js';

export interface LockHolder {
  /** Such as `step "load" of gate "shop"` or `holder of mutex "orders"`. */
  readonly owner: string;
  /** Epoch ms. */
  readonly since: number;
  /** Where it was taken. */
  readonly at: string;
  /** How many places. */
  readonly weight: number;
}

export interface LockWaiter {
  /** On whose behalf, innermost first; empty where no gate, step or lock is around. */
  readonly owners: readonly string[];
  /** Epoch ms. */
  readonly since: number;
  /** Where the wait began. */
  readonly at: string;
}

export interface LockState {
  /** Such as `mutex "orders"`. */
  readonly lock: string;
  readonly holders: readonly LockHolder[];
  readonly waiting: readonly LockWaiter[];
}

export interface LocksReport {
  /** The traced locks that are held or waited for, in the order in which they were traced. */
  readonly locks: readonly LockState[];
  /** The same, to be read. */
  readonly text: string;
}

/**
 * Who holds which traced lock since when and where, and who waits for it: plain frozen data, and as text. Finding it out costs
 * nothing until it is asked.
 *
 * @example
 * console.log(locks().text);
 */
export function locks(): LocksReport {
  const traced = [...processWide.locks]
    .map((ref) => ref.deref() as Lock | undefined)
    .filter((lock) => lock !== undefined);
  const found = traced.map(stateOf).filter(({ holders, waiting }) => holders.length + waiting.length > 0);
  return Object.freeze({ locks: Object.freeze(found), text: textOf(found) });
}

function stateOf(lock: Lock): LockState {
  const holders = lock.holders.map(({ label: owner, since, at, weight }) =>
    Object.freeze({ owner, since: epochOf(since), at: at?.() ?? '', weight }),
  );
  const waiting = [...processWide.pending]
    .filter(({ on }) => on === lock)
    .map(({ owners, since, at }) =>
      Object.freeze({ owners: Object.freeze(owners.map(({ label }) => label)), since, at }),
    );
  return Object.freeze({ lock: lock.label, holders: Object.freeze(holders), waiting: Object.freeze(waiting) });
}

function textOf(states: readonly LockState[]): string {
  if (states.length === 0) return 'No traced lock is held.';
  const at = now();
  return states
    .flatMap(({ lock, holders, waiting }) => [
      lock,
      ...holders.map(
        ({ owner, since, at: place, weight }) =>
          `  held by ${owner}${weight === 1 ? '' : ` (${weight} places)`} for ${seconds(at - since)}, taken at ${place}`,
      ),
      ...waiting.map(
        ({ owners, since, at: place }) =>
          `  waited for by ${owners[0] ?? 'code outside every gate and lock'} for ${seconds(at - since)}, at ${place}`,
      ),
    ])
    .join('\n');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
