/**
 * Async contexts, in one file. Three needs: the bootstrap runs outside the context of the request that started it, a
 * held request goes on in its own, and code can be asked on whose behalf it runs.
 */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** On whose behalf code runs, the innermost first: owners (flights and steps) and pilots. */
export interface Scope {
  readonly of: object;
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();
let users = 0;

/** What was current when this module was loaded: no request. Nothing but the next function ever runs in it. */
const root = new AsyncResource('BootstrapGate');

/**
 * A context that no request has touched. Each call makes a new one from the root: on Node 20 a store that is set inside
 * a context stays visible to everybody who enters the same one.
 */
export function freshContext(): AsyncResource {
  return root.runInAsyncScope(() => new AsyncResource('BootstrapGateFlight'));
}

/** Captures the context it is constructed in, to go on in it later with `runInAsyncScope`. */
export class OwnContext extends AsyncResource {
  constructor() {
    super('BootstrapGateWaiter');
  }
}

/**
 * Calls `fn` on behalf of an owner or a pilot, within what is current, or of nobody. Untracked, it just calls: a `run`
 * would switch the storage on again.
 */
export function runIn<R>(of: object | undefined, fn: () => R): R {
  return users > 0 ? scopes.run(of && { of, outer: scopes.getStore() }, fn) : fn();
}

/** On whose behalf the caller runs. */
export function currentScope(): Scope | undefined {
  return users > 0 ? scopes.getStore() : undefined;
}

/** The innermost of those on whose behalf `scope` runs that passes the test. */
export function innermost<S extends object>(scope: Scope | undefined, test: (of: object) => of is S): S | undefined {
  for (let at = scope; at; at = at.outer) if (test(at.of)) return at.of;
  return undefined;
}

/**
 * Scopes are tracked from here until the returned function is called (once). With the last user the storage is
 * disabled, because on Node 20 it would otherwise slow down every promise of the process from then on.
 */
export function trackScopes(): () => void {
  users++;
  return () => {
    if (--users === 0) scopes.disable();
  };
}
