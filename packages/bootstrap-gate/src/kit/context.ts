/** Async contexts to run in: the bootstrap runs outside that of the request that started it, a held request in its own. */
import { AsyncResource } from 'node:async_hooks';
import { runIn } from '@bootstrap-gate/deadlock/adapter';

/** What was current when this module was loaded: no request. Nothing but the next function ever runs in it. */
const root = new AsyncResource('BootstrapGate');

/**
 * A context that no request has touched, in which code runs on behalf of `owner`. Each call makes a new one from the root:
 * on Node 20 a store that is set inside a context stays visible to everything that enters the same one.
 */
export function freshContext(owner: object): AsyncResource {
  return root.runInAsyncScope(() => runIn(owner, () => new AsyncResource('BootstrapGateFlight')));
}

/** Captures the context it is constructed in, to continue in it later with `runInAsyncScope`. */
export class OwnContext extends AsyncResource {
  constructor() {
    super('BootstrapGateWaiter');
  }
}
