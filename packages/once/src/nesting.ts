/** Calls that are made by the work of another shared step. */
import type { Call } from './call.js';
import { currentlyHeld, type Held } from './context.js';
import { OnceDeadlockError } from './errors.js';
import type { Replica } from './replica.js';

/** The step of this replica to which the running code belongs. */
export function heldOf(replica: Replica): Held | undefined {
  let held = currentlyHeld();
  while (held && held.by !== replica) held = held.outer;
  return held;
}

/**
 * A step that calls itself would queue behind itself.
 *
 * @throws OnceDeadlockError
 */
export function refuseSelfWait({ replica, step: { name }, outer }: Call, at: string): void {
  for (let held = outer; held; held = held.outer) {
    if (held.by !== replica || held.step !== name) continue;
    const host = replica.settings.replica;
    throw new OnceDeadlockError([{ step: name, waitsFor: name, host, pid: process.pid, since: Date.now(), at }]);
  }
}
