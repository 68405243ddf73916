/** The door for applications: `app.use(bootstrapGate())`. */
import type { Context, MiddlewareHandler, Next } from 'hono';
import { createDoor } from './create-door.js';
import { webTransport, forRequest } from './web/transport.js';
import { waitUntilOf } from './web/wait-until.js';
import type { AdmissionOptions, GateChoice } from '../http/admission-options.js';
import { foreignHeaders } from '../http/foreign-headers.js';
import type { Gate } from '../kit/types.js';

export type * from './public-types.js';

export type BootstrapGateOptions<T> = GateChoice<T> &
  AdmissionOptions<Request> & {
    /**
     * Makes middleware from the bootstrap's value, once per flight; synchronous. It takes the requests from then on, and
     * what it passes on with `next()` goes on behind the gate.
     */
    readonly handler?: ((value: T) => MiddlewareHandler) | undefined;
  };

export type GatedMiddleware<T> = MiddlewareHandler & { readonly gate: Gate<T> };

const transport = webTransport<Context, Next>({
  request: (c) => c.req.raw,
  response: (result, c) => (c.finalized ? c.res : (result as Response | undefined)),
  respond: (made, c) => void (c.res = made),
  origin: (c) => c.env as unknown,
  waitUntil: (c) => waitUntilOf([executionOf(c)]),
  proceed: (application, c, next) => (application ? application.call(undefined, c, next) : next()),
  answer(answer, c) {
    const { status, headers, body } = forRequest(answer, c.req.raw, c.env);
    for (const name of foreignHeaders) c.header(name, undefined);
    return c.newResponse(body, status as 503, headers);
  },
  forward(error) {
    throw error; // Hono's own error handling takes it from here
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

  function receive(c: Context, next: Next): unknown {
    return door.receive(c, next, undefined);
  }

  // Compared with true: V8 takes half as long as for asking whether it is truthy.
  function plain(c: Context, next: Next): unknown {
    return core.ready === true ? next() : receive(c, next);
  }

  return Object.assign(door.isPlain ? plain : receive, { gate }) as unknown as GatedMiddleware<T>;
}

/** Hono throws where the runtime has none. */
function executionOf(c: Context): unknown {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
