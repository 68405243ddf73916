import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { nodeTransport } from './transport.js';
import type { AdmissionOptions, GateChoice } from '../../http/admission-options.js';
import type { HttpDoor } from '../../http/http-door.js';
import type { Application } from '../../http/transport.js';
import type { Gate } from '../../kit/types.js';
import { createDoor } from '../create-door.js';
import { listenerArgument } from '../listener-argument.js';

/** A request listener of the compatibility API of node:http2. */
export type Http2Listener = (req: Http2ServerRequest, res: Http2ServerResponse) => void;

/** A listener that holds requests until its gate is open. */
export type GatedListener<L, T> = L & { readonly gate: Gate<T> };

/** `onDenied: 'forward'` is not among them: node:http has no error handling to forward to. */
export type ListenerOptions<T> = GateChoice<T> &
  Omit<AdmissionOptions<IncomingMessage>, 'onDenied'> & { readonly onDenied?: 'respond' | undefined };

const where = 'bootstrapGate';
const argument = {
  forward: 'cannot be "forward": node:http has no error handling to forward to',
  what: 'request listener',
};

/**
 * A drop-in replacement for a request listener of node:http, node:https or node:http2: requests reach it when the
 * gate's bootstrap is complete. Without a bootstrap the first request passes alone, and the others follow when it has
 * succeeded. Instead of a listener, `handler` may make one from the bootstrap's value.
 *
 * An admitted request gives what the listener returns or throws; a held one a promise of it.
 *
 * @throws TypeError for a wrong option
 */
export function bootstrapGate<T>(
  listener: RequestListener,
  options?: ListenerOptions<T>,
): GatedListener<RequestListener, T>;
export function bootstrapGate<T>(
  listener: Http2Listener,
  options?: ListenerOptions<T>,
): GatedListener<Http2Listener, T>;
export function bootstrapGate<T>(
  options: ListenerOptions<T> & { readonly handler: (value: T) => RequestListener },
): GatedListener<RequestListener, T>;
export function bootstrapGate<T>(
  options: ListenerOptions<T> & { readonly handler: (value: T) => Http2Listener },
): GatedListener<Http2Listener, T>;
export function bootstrapGate(first: unknown, second?: object): unknown {
  const { listener, options, unsupported } = listenerArgument(where, [first, second], argument);
  const transport = nodeTransport<IncomingMessage, ServerResponse, unknown>({
    request: (req) => req,
    response: (_req, res) => res,
    proceed(made, req, res, server): unknown {
      const application = listener ?? made;
      if (application) return application.call(server, req, res);
      const error = core.error('ERR_GATE_NOT_READY', `is ${core.state}; its handler is not made yet`);
      return door.refuse(error, req, res, server);
    },
  });
  const door: HttpDoor<IncomingMessage, ServerResponse, unknown> = createDoor(where, options, transport, unsupported);
  const { core, gate } = door;

  function receive(this: unknown, req: IncomingMessage, res: ServerResponse): unknown {
    return door.receive(req, res, this);
  }

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(this: unknown, req: IncomingMessage, res: ServerResponse): unknown {
    return core.ready === true ? (listener as Application).call(this, req, res) : receive.call(this, req, res);
  }

  return Object.assign(door.isPlain ? plain : receive, { gate });
}
