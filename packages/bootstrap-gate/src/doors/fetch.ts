/** The door for applications: `Bun.serve({ fetch: bootstrapGate(handler, { bootstrap }) })`. */
import { createDoor } from './create-door.js';
import { listenerArgument } from './listener-argument.js';
import { webTransport } from './web/transport.js';
import { waitUntilOf } from './web/wait-until.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';
import type { HttpDoor } from '../http/http-door.js';
import type { Gate } from '../kit/types.js';

export type * from './public-types.js';

/** `(request, ...rest)`, as runtimes and frameworks call it: with a server, a context, an environment, or nothing more. */
export type FetchHandler<R extends Request, A extends unknown[], O> = (request: R, ...rest: A) => O;

/** Gives what the handler gives; a promise of it for a request that was held, and a response of the gate's own. */
export type GatedFetch<R extends Request, A extends unknown[], O, T> = FetchHandler<
  R,
  A,
  O | Response | Promise<Awaited<O> | Response>
> & { readonly gate: Gate<T> };

/** `onDenied: 'forward'` is not among them: a fetch handler has no error handling to forward to. */
export type FetchOptions<T, R = Request> = GateChoice<T> &
  Omit<AdmissionOptions<R>, 'onDenied'> & { readonly onDenied?: 'respond' | undefined };

const where = 'bootstrapGate';
const argument = {
  forward: 'cannot be "forward": a fetch handler has no error handling to forward to',
  what: 'fetch handler',
};

/**
 * A drop-in replacement for a fetch handler, `(request, ...rest) => Response`: requests reach it when the gate's bootstrap
 * is complete. Without a bootstrap the first request passes alone, and the others follow when it has succeeded. Instead of
 * a handler, `handler` may make one from the bootstrap's value.
 *
 * @throws TypeError for a wrong option
 *
 * @example
 * export default { fetch: bootstrapGate(app.fetch, { bootstrap: () => connect(), health: true }) };
 */
export function bootstrapGate<R extends Request, A extends unknown[], O, T = undefined>(
  handler: FetchHandler<R, A, O>,
  options?: FetchOptions<T, R>,
): GatedFetch<R, A, O, T>;
export function bootstrapGate<R extends Request, A extends unknown[], O, T>(
  options: FetchOptions<T, R> & { readonly handler: (value: T) => FetchHandler<R, A, O> },
): GatedFetch<R, A, O, T>;
export function bootstrapGate(first: unknown, second?: object): unknown {
  const { listener, options, unsupported } = listenerArgument(where, [first, second], argument);
  const transport = webTransport<Request, readonly unknown[], unknown>({
    request: (request) => request,
    response: (result) => result as Response | undefined,
    origin: (_request, [info]) => info,
    waitUntil: (_request, rest) => waitUntilOf(rest),
    proceed(made, request, rest, self): unknown {
      const application = listener ?? made;
      if (application) return application.call(self, request, ...rest);
      const error = core.error('ERR_GATE_NOT_READY', `is ${core.state}; its handler is not made yet`);
      return door.refuse(error, request, rest, self);
    },
  });
  const door: HttpDoor<Request, readonly unknown[], unknown> = createDoor(where, options, transport, unsupported);
  const { core, gate } = door;

  function receive(this: unknown, request: Request, ...rest: unknown[]): unknown {
    return door.receive(request, rest, this);
  }

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(this: unknown, request: Request, ...rest: unknown[]): unknown {
    return core.ready === true ? listener?.call(this, request, ...rest) : receive.call(this, request, ...rest);
  }

  return Object.assign(door.isPlain ? plain : receive, { gate });
}
