/** Async contexts to run in: the bootstrap runs outside that of the request that started it, a held request in its own. */
import { AsyncResource } from 'node:async_hooks';

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
