import { runIn } from './context.js';

/**
 * Calls `fn` on behalf of nobody: for work that is started and not awaited, which may wait for what its starter holds.
 * Returns what `fn` returns, throws what it throws.
 */
export function detach<R>(fn: () => R): R {
  if (typeof fn !== 'function') throw new TypeError('detach: the argument must be a function');
  return runIn(undefined, fn);
}
