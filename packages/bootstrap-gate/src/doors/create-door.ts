/**
 * Floor `doors`: a file for each framework, at most 60 lines. Not here: policy; a door turns a request into facts and an answer into
 * its framework's words.
 */
import { watchSentRequests, watchWhileAtWork } from './node/loopback.js';
import { HttpDoor } from '../http/http-door.js';
import type { Unsupported } from '../http/read-options.js';
import type { Transport } from '../http/transport.js';

/**
 * Makes the door that an adapter's `bootstrapGate` puts in front of an application: `door.core.ready` tells whether
 * requests pass, `door.receive(…)` takes those that do not.
 *
 * @param where the function that the user has called, for messages
 * @param options the user's: a gate or the options of one, and `AdmissionOptions`
 * @param unsupported options that this adapter cannot honour, with the reason
 * @throws TypeError for a wrong option; what `handler` throws, at a gate that is open already
 */
export function createDoor<A, B = undefined, C = undefined>(
  where: string,
  options: object | undefined,
  transport: Transport<A, B, C>,
  unsupported?: Unsupported,
): HttpDoor<A, B, C> {
  const endWatch = watchSentRequests(); // an eager bootstrap sends its first requests before its gate is made
  try {
    const door = new HttpDoor(where, options, transport, unsupported);
    watchWhileAtWork(door.core);
    return door;
  } finally {
    endWatch();
  }
}
