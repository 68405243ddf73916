/** The door for applications: `app.use(bootstrapGate())`. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
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
    readonly handler?: ((value: T) => RequestHandler) | undefined;
  };

export type GatedHandler<T> = RequestHandler & { readonly gate: Gate<T> };

const transport = nodeTransport<Request, Response, NextFunction>({
  request: (req) => req,
  response: (_req, res) => res,
  target: (req) => req.originalUrl,
  forward: (error, _req, _res, next) => next(error),
  proceed(application, req, res, next) {
    try {
      return application ? application.call(undefined, req, res, next) : next();
    } catch (error) {
      return next(error); // Express 4 does not look at the promise of a held request
    }
  },
});

/**
 * Middleware that lets requests pass when the gate's bootstrap is complete, and holds them until then. Without a
 * bootstrap the first request passes alone, and the others follow when it has succeeded.
 *
 * @throws TypeError for a wrong option
 */
export function bootstrapGate<T = undefined>(options?: BootstrapGateOptions<T>): GatedHandler<T> {
  const door = createDoor('bootstrapGate', options, transport);
  const { core, gate } = door;

  function receive(req: Request, res: Response, next: NextFunction): unknown {
    if (typeof (res as unknown) === 'function') {
      throw new TypeError('This is the gate for Express; Koa has its own in bootstrap-gate/koa');
    }
    return door.receive(req, res, next);
  }

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(req: Request, res: Response, next: NextFunction): unknown {
    return core.ready === true ? next() : receive(req, res, next);
  }

  return Object.assign(door.isPlain ? plain : receive, { gate }) as unknown as GatedHandler<T>;
}
