/** The door for applications: `app.use(bootstrapGate())`. */
import type { Gate } from '../kit/types.js';
import type { GateError } from '../kit/errors.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';
import { HttpDoor } from '../http/http-door.js';
import { HttpGuest } from '../http/http-guest.js';
import { writeAnswer } from '../http/answer.js';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

export type BootstrapGateOptions<T> = GateChoice<T> &
  AdmissionOptions & {
    /**
     * Makes middleware from the bootstrap's value, once per flight; synchronous. It takes the requests from then on, and
     * what it passes on with `next()` goes on behind the gate.
     */
    readonly handler?: ((value: T) => RequestHandler) | undefined;
  };

export type GatedHandler<T> = RequestHandler & { readonly gate: Gate<T> };

/**
 * Middleware that lets requests pass when the gate's bootstrap is complete, and holds them until then. Without a
 * bootstrap the first request passes alone, and the others follow when it has succeeded.
 *
 * @throws TypeError for a wrong option
 */
export function bootstrapGate<T = undefined>(options?: BootstrapGateOptions<T>): GatedHandler<T> {
  const door = new HttpDoor('bootstrapGate', options);
  const { gate: core } = door;

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(req: Request, res: Response, next: NextFunction): unknown {
    return core.ready === true ? next() : receive(door, req, res, next);
  }

  function attentive(req: Request, res: Response, next: NextFunction): unknown {
    if (!core.ready) return receive(door, req, res, next);
    const health = door.health(req, req.originalUrl);
    return health ? writeAnswer(req, res, health) : pass(door, req, res, next);
  }

  return Object.assign(door.isPlain ? plain : attentive, { gate: core.gate }) as unknown as GatedHandler<T>;
}

function receive(door: HttpDoor, req: Request, res: Response, next: NextFunction): unknown {
  return door.receive(new ExpressGuest(door, req, res, next), req.originalUrl);
}

function pass({ application }: HttpDoor, req: Request, res: Response, next: NextFunction): unknown {
  return application ? application.call(undefined, req, res, next) : next();
}

class ExpressGuest extends HttpGuest {
  readonly #next: NextFunction;

  constructor(door: HttpDoor, req: Request, res: Response, next: NextFunction) {
    super(door, req, res);
    this.#next = next;
  }

  proceed(): unknown {
    try {
      return pass(this.door, this.req as Request, this.res as Response, this.#next);
    } catch (error) {
      return this.#next(error); // Express 4 does not look at the promise of a held request
    }
  }

  override forward(error: GateError): void {
    this.#next(error);
  }
}
