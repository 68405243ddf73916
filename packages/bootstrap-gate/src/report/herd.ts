/** How many wait at a gate, over time: what a report does not remember. */
import type { Gate } from '../kit/types.js';
import { checkGate } from './check.js';
import { epochNow } from './clock.js';

/** From `at`, in epoch ms, so many were waiting. */
export interface HerdSample {
  readonly at: number;
  readonly waiting: number;
}

export interface HerdRecording {
  /** Changes of the size; it grows while the recording runs. Plain data, like a report. */
  readonly samples: readonly HerdSample[];
  /** Ends the recording early. */
  stop(): void;
}

/** How often it looks at first, in ms, and how much it remembers: when that is full, it thins and looks half as often. */
const FINEST_MS = 20;
const MOST = 512;

/**
 * Records how many requests and callers wait at a gate, for `toSvg` and `toChromeTrace`. It ends by itself when the gate
 * is open and nobody waits any more, or closed, and does not keep the process alive. It remembers 512 changes at most,
 * the longer the start the coarser. To record another start, call it again.
 *
 * @throws a TypeError for what is no gate
 */
export function recordHerd(gate: Gate<unknown>): HerdRecording {
  checkGate('recordHerd', gate);
  const samples: HerdSample[] = [];
  let intervalMs = FINEST_MS;
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    clearTimeout(timer);
    const { waiting, state } = gate;
    if (waiting !== samples.at(-1)?.waiting) samples.push({ at: epochNow(), waiting });
    if (samples.length === MOST) {
      thin(samples);
      intervalMs *= 2;
    }
    if (state === 'closed' || (gate.ready && waiting === 0)) stop();
    else if (state === 'booting' || waiting > 0) timer = setTimeout(look, intervalMs).unref();
  };
  const endChanges = gate.onChange(look);
  const stop = (): void => {
    clearTimeout(timer);
    endChanges();
  };
  look();
  return { samples, stop };
}

/** Keeps the larger of each two, so that a peak stays, and the last one, which is how it ended. */
function thin(samples: HerdSample[]): void {
  const last = samples.pop();
  const pairs = samples.filter((_, index) => index % 2 === 0);
  const thinned = pairs.map(({ at, waiting }, pair) => ({
    at,
    waiting: Math.max(waiting, samples[pair * 2 + 1]?.waiting ?? 0),
  }));
  samples.splice(0, samples.length, ...thinned, ...(last ? [last] : []));
}
