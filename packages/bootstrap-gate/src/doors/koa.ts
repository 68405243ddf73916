/** The door for applications: `app.use(bootstrapGate())`. */
import type { Gate } from '../kit/types.js';
import type { GateError } from '../kit/errors.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';
import { HttpDoor } from '../http/http-door.js';
import { HttpGuest } from '../http/http-guest.js';
import { writeAnswer } from '../http/answer.js';
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
  const { gate: core } = door;

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(ctx: Context, next: Next): unknown {
    return core.ready === true ? next() : receive(door, ctx, next);
  }

  function attentive(ctx: Context, next: Next): unknown {
    if (!core.ready) return receive(door, ctx, next);
    const health = door.health(ctx.req, ctx.originalUrl);
    return health ? writeAnswer(ctx.req, ctx.res, health) : pass(door, ctx, next);
  }

  return Object.assign(door.isPlain ? plain : attentive, { gate: core.gate }) as unknown as GatedMiddleware<T>;
}

function receive(door: HttpDoor, ctx: Context, next: Next): unknown {
  return door.receive(new KoaGuest(door, ctx, next), ctx.originalUrl);
}

function pass({ application }: HttpDoor, ctx: Context, next: Next): unknown {
  return application ? application.call(undefined, ctx, next) : next();
}

class KoaGuest extends HttpGuest {
  readonly #ctx: Context;
  readonly #next: Next;

  constructor(door: HttpDoor, ctx: Context, next: Next) {
    super(door, ctx.req, ctx.res);
    this.#ctx = ctx;
    this.#next = next;
  }

  proceed(): unknown {
    return pass(this.door, this.#ctx, this.#next);
  }

  /** Koa's own error handling takes it from here. */
  override forward(error: GateError): never {
    throw error;
  }
}
