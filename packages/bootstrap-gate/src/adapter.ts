/** The door for those who write adapters, see docs/guides/writing-an-adapter.md. Applications use the index. */
export { createDoor } from './doors/create-door.js';
export { nodeTransport } from './doors/node/transport.js';
export type { NodeBindings } from './doors/node/transport.js';
export type { AdmissionOptions, DoorOptions, Exemption, GateChoice } from './http/admission-options.js';
export type { Answer } from './http/answer.js';
export type { Peer, RequestFacts } from './http/facts.js';
export type { HttpDoor } from './http/http-door.js';
export type { Unsupported } from './http/read-options.js';
export type { Application, Transport } from './http/transport.js';
