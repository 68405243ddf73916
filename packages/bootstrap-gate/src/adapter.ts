/** The door for those who write adapters, see docs/guides/writing-an-adapter.md. Applications use the index. */
import { createDoor as create } from './doors/create-door.js';
import type { AdapterDoor } from './http/adapter-door.js';
import type { Unsupported } from './http/read-options.js';
import type { Transport } from './http/transport.js';

export { nodeTransport } from './doors/node/transport.js';
export type { NodeBindings } from './doors/node/transport.js';
export type { AdapterDoor } from './http/adapter-door.js';
export type { AdmissionOptions, DoorOptions, Exemption, GateChoice } from './http/admission-options.js';
export type { Answer } from './http/answer.js';
export type { Peer, RequestFacts } from './http/facts.js';
export type { Unsupported } from './http/read-options.js';
export type { Application, Transport } from './http/transport.js';

/**
 * Makes the door that an adapter puts in front of an application.
 *
 * @param where the function that the user has called, for messages
 * @param options what the user gave it: `DoorOptions`, and `handler` where the adapter has that
 * @param transport how the framework hands requests over and takes answers; `nodeTransport` makes one on node:http
 * @param unsupported what the framework cannot do, with the reason: it follows the option's name in a TypeError
 * @throws TypeError for a wrong option; what `handler` throws, at a gate that is open already
 */
export const createDoor: <A, B = undefined, C = undefined>(
  where: string,
  options: object | undefined,
  transport: Transport<A, B, C>,
  unsupported?: Unsupported,
) => AdapterDoor<A, B, C> = create;
