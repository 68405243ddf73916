/** The door for applications: `app.use(bootstrapGate())`. */
import type { Gate, GateError } from '@bootstrap-gate/core';
import type { AdmissionOptions, GateChoice } from '@bootstrap-gate/node';
import { HttpDoor, writeAnswer } from '@bootstrap-gate/node/adapter';
import type { Context, Middleware, Next } from 'koa';

export type BootstrapGateOptions<T> = GateChoice<T> &
  AdmissionOptions & {
    /**
     * Makes middleware from the bootstrap's value, once per flight; synchronous. It takes the requests from then on, and
     * what it passes on with `next()` goes on behind the gate.
     */
    readonly handler?: ((value: T) => Middleware) | undefined;
  };

export type GatedMiddleware<T> = Middleware & { readonly gate: Gate<T> };

/**
 * Middleware that lets requests pass when the gate's bootstrap is complete, and holds them until then. Without a
 * bootstrap the first request passes alone, and the others follow when it has succeeded.
 *
 * @throws TypeError for a wrong option
 */
export function bootstrapGate<T = undefined>(options?: BootstrapGateOptions<T>): GatedMiddleware<T> {
  const door = new HttpDoor('bootstrapGate', options);
  const { gate } = door;

  function application(ctx: Context, next: Next): unknown {
    return door.built && gate.ready ? door.built.call(undefined, ctx, next) : next();
  }

  function receive(ctx: Context, next: Next): unknown {
    const { req, res } = ctx;
    return door.receive({ req, res, proceed: () => application(ctx, next), forward: raise }, ctx.originalUrl);
  }

  function plain(ctx: Context, next: Next): unknown {
    return gate.ready ? next() : receive(ctx, next);
  }

  function attentive(ctx: Context, next: Next): unknown {
    if (!gate.ready) return receive(ctx, next);
    const health = door.health(ctx.req, ctx.originalUrl);
    return health ? writeAnswer(ctx.req, ctx.res, health) : application(ctx, next);
  }

  return Object.assign(door.isPlain ? plain : attentive, { gate }) as unknown as GatedMiddleware<T>;
}

/** Koa's own error handling takes it from here. */
function raise(error: GateError): never {
  throw error;
}
