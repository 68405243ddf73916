import type { Server } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Gate } from '../../kit/types.js';
import type { ListenerOptions } from './listener.js';
import { ServerDoor } from './server-door.js';

export type GateableServer = Server | HttpsServer | Http2Server | Http2SecureServer;

/** `handler` is not among them: the server has its own listeners. */
export type ServerOptions<T> = ListenerOptions<T> & { readonly handler?: undefined };

const where = 'gateServer';
const unsupported = {
  forward: 'cannot be "forward": node:http has no error handling to forward to',
  handler: 'is for bootstrapGate: gateServer passes requests to the listeners of the server',
};

const gated = new WeakSet<object>();

/**
 * Puts a gate in front of everything that an existing server emits for requests: `request`, `checkContinue` (no
 * `100 Continue` before admission), `checkExpectation`, `upgrade` and `connect`. What is held goes to the listeners
 * that the server has when it is admitted, so libraries may add theirs at any time. At an open gate nothing of it is
 * left on the server, unless `health` is on. HTTP/2 streams outside the compatibility API are not held.
 *
 * @returns the gate
 * @throws TypeError for a wrong option, for what is not a server, and for a server that has a gate already
 */
export function gateServer<T>(server: GateableServer, options?: ServerOptions<T>): Gate<T> {
  if (!isServer(server)) {
    const hint = 'an application is not one: give what http.createServer(app) or app.listen() returned';
    throw new TypeError(`${where}: the first argument must be a server; ${hint}`);
  }
  if (gated.has(server)) throw new TypeError(`${where}: this server has a gate already; give that one all the steps`);
  const { gate } = new ServerDoor(server as Server, where, options, unsupported);
  gated.add(server);
  return gate as Gate<T>;
}

/** Applications of Express and Koa emit and listen as well. */
function isServer(value: unknown): boolean {
  const { emit, listen, close } = Object(value) as Partial<Server>;
  return typeof value === 'object' && [emit, listen, close].every((method) => typeof method === 'function');
}
