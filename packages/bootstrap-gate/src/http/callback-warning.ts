import { messageOf } from '../kit/errors.js';
import { warn } from '@bootstrap-gate/deadlock/adapter';

const told = new WeakSet<object>();

/**
 * Warns that a function of the user's failed on a request. Whoever sends the request may decide that it fails, and what
 * the error says: so it is told once for each function, and on one line.
 */
export function warnOfCallback(fn: object, what: string, ...error: [] | [unknown]): void {
  if (told.has(fn)) return;
  told.add(fn);
  const why = error.length ? `: ${messageOf(error[0]).replace(/\s+/g, ' ')}` : '';
  warn('GATE_CALLBACK_FAILED', `${what}${why} (told once)`, ...error);
}
