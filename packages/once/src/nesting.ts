import { OnceDeadlockError } from './errors.js';
import type { Task } from './task.js';

/**
 * A step whose work calls the same step would queue behind itself.
 *
 * @throws OnceDeadlockError
 */
export function refuseSelfWait({ replica, step: { name }, outer }: Task, at: string): void {
  for (let held = outer; held; held = held.outer) {
    if (held.by !== replica || held.step !== name) continue;
    const host = replica.settings.replica;
    throw new OnceDeadlockError([{ step: name, waitsFor: name, host, pid: process.pid, since: Date.now(), at }]);
  }
}
