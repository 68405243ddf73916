/** On whose behalf code runs, across awaits, timers and callbacks. The only file that imports async_hooks. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { processWide } from './process-wide.js';

/** Those on whose behalf code runs, the innermost first: owners, and whatever else a user of this file puts there. */
export interface Scope {
  readonly of: object;
  readonly outer: Scope | undefined;
}

export type ScopeStorage = AsyncLocalStorage<Scope | undefined>;

const storage = (processWide.storage ??= new AsyncLocalStorage());

/** Calls `fn` on behalf of `of` within what is current, or of nobody. Untracked, it just calls: a `run` would switch the
 * storage on again. */
export function runIn<R>(of: object | undefined, fn: () => R): R {
  return processWide.users > 0 ? storage.run(of && { of, outer: storage.getStore() }, fn) : fn();
}

/** From here on the current async context runs on behalf of nobody: for what inherits a context that is not its own. */
export function leaveScope(): void {
  if (currentScope()) storage.enterWith(undefined);
}

/** On whose behalf the caller runs. */
export function currentScope(): Scope | undefined {
  return processWide.users > 0 ? storage.getStore() : undefined;
}

/** The innermost of those on whose behalf `scope` runs that passes the test. */
export function innermost<S extends object>(scope: Scope | undefined, test: (of: object) => of is S): S | undefined {
  for (let at = scope; at; at = at.outer) if (test(at.of)) return at.of;
  return undefined;
}

/**
 * Scopes are tracked from here until the returned function is called (once). After the last user the storage is
 * disabled, because on Node 20 it would otherwise slow down every promise of the process from then on. That waits for the
 * next turn: switching it on and off for each of many short uses would cost more than they do.
 */
export function trackScopes(): () => void {
  processWide.users++;
  return () => {
    if (--processWide.users > 0 || processWide.isEnding) return;
    processWide.isEnding = true;
    setImmediate(endTracking).unref();
  };
}

function endTracking(): void {
  processWide.isEnding = false;
  if (processWide.users === 0) storage.disable();
}
