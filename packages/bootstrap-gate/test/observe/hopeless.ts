import { collectGarbage } from '@bootstrap-gate/deadlock/adapter';
import { settled } from '../manual-clock.js';

/** A promise that nobody has; made here, so that no variable of a test keeps it. */
export const hopeless = (): Promise<never> => new Promise<never>(() => {});

/**
 * Collects garbage until the proof has come. A few rounds are needed where the stack still shows what is dead; each takes
 * long in a large process.
 */
export async function collectUntil(proven: () => boolean, rounds = 20): Promise<void> {
  for (let round = 0; round < rounds && !proven(); round++) {
    collectGarbage();
    await settled(); // what was found dead is told in the next turn
    await settled();
  }
}
