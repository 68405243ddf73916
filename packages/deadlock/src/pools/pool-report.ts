/** Who holds which place of which traced pool, and who waits, at any time. */
import { now } from '../now.js';
import type { TracedPool } from './pool.js';
import { registeredPools } from './registry.js';

export interface PoolState {
  /** Such as `pool "main"`. */
  readonly pool: string;
  readonly size: number;
  readonly held: readonly PoolPlace[];
  readonly waiting: readonly PoolPlace[];
}

export interface PoolPlace {
  /** Where the application asked for it. */
  readonly at: string;
  /** Epoch ms. */
  readonly since: number;
  /** Such as `transaction of pool "main"`. */
  readonly owner?: string;
}

export interface PoolsReport {
  /** The traced pools of which a place is held or waited for. */
  readonly pools: readonly PoolState[];
  /** The same, to be read. */
  readonly text: string;
}

/**
 * Who holds which place of a traced pool since when and where, and who waits for one: plain data, and as text.
 *
 * @example
 * console.log(pools().text);
 */
export function pools(): PoolsReport {
  const states = registeredPools().map(({ traced }) => stateOf(traced));
  const busy = states.filter(({ held, waiting }) => held.length + waiting.length > 0);
  return { pools: busy, text: busy.map(textOf).join('\n') };
}

function stateOf({ label, size, held, waits }: TracedPool): PoolState {
  return {
    pool: label,
    size,
    held: [...held.values()].map(({ at, since, transaction }) => ({
      at: at(),
      since,
      ...(transaction && { owner: transaction.label }),
    })),
    waiting: [...waits].map(({ at, since, inside }) => ({
      at: at(),
      since,
      ...(inside[0] && { owner: inside[0].label }),
    })),
  };
}

function textOf({ pool, size, held, waiting }: PoolState): string {
  const lineOf = (what: string, { at, since, owner }: PoolPlace): string =>
    `  ${what}${owner ? ` in a ${owner}` : ''} for ${((now() - since) / 1000).toFixed(1)} s, at ${at}`;
  return [
    `${pool}: ${held.length} of ${size} places held, ${waiting.length} waiting`,
    ...held.map((place) => lineOf('held', place)),
    ...waiting.map((place) => lineOf('waiting', place)),
  ].join('\n');
}
