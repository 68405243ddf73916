import type { Cycle } from '../cycle.js';
import type { AnyWait } from '../wait.js';

/** A cycle by async context: the context tells whose wait it may be, and is no proof. */
export interface Suspicion {
  readonly cycle: Cycle;
  /** Its waits, the closing one last. */
  readonly waits: readonly AnyWait[];
  /** How often it was looked into, and when it is next. */
  looks: number;
  dueAt: number;
}
