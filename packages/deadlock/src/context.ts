/** On whose behalf code runs, across awaits, timers and callbacks. The only file that imports async_hooks. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { incomingRequests } from './channel.js';
import { processWide } from './process-wide.js';

/** Those on whose behalf code runs, the innermost first: owners, and whatever else a user of this file puts there. */
export interface Scope {
  readonly of: object;
  readonly outer: Scope | undefined;
}

export type ScopeStorage = AsyncLocalStorage<Scope | undefined>;

const storage = (processWide.storage ??= new AsyncLocalStorage());

/**
 * A request is never part of what happened to run when its server began to listen, as on Node 20 its async context says.
 * One function for all copies: one of them subscribes it, another may have to unsubscribe it.
 */
const disown = (processWide.disown ??= () => {
  if (currentScope()) storage.enterWith(undefined);
});

/** Calls `fn` on behalf of `of` within what is current, or of nobody. Untracked, it just calls: a `run` would switch the
 * storage on again. */
export function runIn<R>(of: object | undefined, fn: () => R): R {
  return processWide.users > 0 ? storage.run(of && { of, outer: storage.getStore() }, fn) : fn();
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
  if (processWide.users++ === 0 && !processWide.isEnding) incomingRequests.subscribe(disown);
  return () => {
    if (--processWide.users > 0 || processWide.isEnding) return;
    processWide.isEnding = true;
    (setImmediate(endTracking) as Partial<NodeJS.Immediate>).unref?.();
  };
}

function endTracking(): void {
  processWide.isEnding = false;
  if (processWide.users > 0) return;
  incomingRequests.unsubscribe(disown);
  storage.disable();
}
