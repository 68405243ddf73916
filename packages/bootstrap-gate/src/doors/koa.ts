/** The door for applications: `app.use(bootstrapGate())`. */
import type { Context, Middleware, Next } from 'koa';
import type { IncomingMessage } from 'node:http';
import { createDoor } from './create-door.js';
import { nodeTransport } from './node/transport.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';
import type { Gate } from '../kit/types.js';

export type * from './public-types.js';

export type BootstrapGateOptions<T> = GateChoice<T> &
  AdmissionOptions<IncomingMessage> & {
    /**
     * Makes middleware from the bootstrap's value, once per flight; synchronous. It takes the requests from then on, and
     * what it passes on with `next()` goes on behind the gate.
     */
    readonly handler?: ((value: T) => Middleware) | undefined;
  };

export type GatedMiddleware<T> = Middleware & { readonly gate: Gate<T> };

const transport = nodeTransport<Context, Next>({
  request: (ctx) => ctx.req,
  response: (ctx) => ctx.res,
  target: (ctx) => ctx.originalUrl,
  proceed: (application, ctx, next) => (application ? application.call(undefined, ctx, next) : next()),
  forward(error) {
    throw error; // Koa's own error handling takes it from here
  },
});

/**
 * Middleware that lets requests pass when the gate's bootstrap is complete, and holds them until then. Without a
 * bootstrap the first request passes alone, and the others follow when it has succeeded.
 *
 * @throws TypeError for a wrong option
 */
export function bootstrapGate<T = undefined>(options?: BootstrapGateOptions<T>): GatedMiddleware<T> {
  const door = createDoor('bootstrapGate', options, transport);
  const { core, gate } = door;

  function receive(ctx: Context, next: Next): unknown {
    if (typeof next !== 'function') {
      throw new TypeError('This is the gate for Koa; Express has its own in bootstrap-gate/express');
    }
    return door.receive(ctx, next, undefined);
  }

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(ctx: Context, next: Next): unknown {
    return core.ready === true ? next() : receive(ctx, next);
  }

  return Object.assign(door.isPlain ? plain : receive, { gate }) as unknown as GatedMiddleware<T>;
}
