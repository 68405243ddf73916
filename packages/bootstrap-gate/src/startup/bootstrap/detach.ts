import { runIn, warn } from '@bootstrap-gate/deadlock/adapter';
import { messageOf } from '../../kit/errors.js';

/** Starts work on nothing's behalf: the bootstrap does not wait for it, and it may itself wait for the gate. */
export function detach(gate: string, fn: () => unknown): void {
  const failed = (error: unknown): void =>
    warn('GATE_DETACHED_FAILED', `Detached work of gate "${gate}" failed: ${messageOf(error)}`, error);
  if (typeof fn !== 'function') throw new TypeError('boot.detach: the argument must be a function');
  runIn(undefined, async () => fn()).catch(failed);
}
