/** The door for applications. */
export { bootstrapGate } from './listener.js';
export type { GatedListener, Http2Listener, ListenerOptions } from './listener.js';
export { gateServer } from './gate-server.js';
export type { GateableServer, ServerOptions } from './gate-server.js';
export type * from '../public-types.js';
