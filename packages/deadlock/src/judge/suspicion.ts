import type { Cycle } from '../cycle.js';
import type { Wait } from '../owner.js';
import { processWide } from '../process-wide.js';
import type { AnyWait } from '../wait.js';

/** A cycle by async context: the context tells whose wait it may be, and is no proof. */
export interface Suspicion {
  readonly cycle: Cycle;
  /** Those of its waits that can be judged, the closing one last. */
  readonly waits: readonly AnyWait[];
  /** Whether that is all of them: one that only a snapshot sees through may be part of the cycle. */
  readonly isWhole: boolean;
  /** How often it was looked into, and when it is next. */
  looks: number;
  dueAt: number;
}

export function newSuspicion(cycle: Cycle, dueAt: number): Suspicion {
  const waits = cycle.waits.filter(isJudged);
  return { cycle, waits, isWhole: waits.length === cycle.waits.length, looks: 0, dueAt };
}

/** Anything may be recorded as a wait of an owner, such as by another copy of this package. */
const isJudged = (wait: Wait): wait is AnyWait => processWide.pending.has(wait as AnyWait);
