/** How the conformance checks mount the Hono door. */
import type { Adapter, Application, Setup } from '@bootstrap-gate/conformance';
import { Hono, type MiddlewareHandler } from 'hono';
import { isGateError } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/hono.js';
import { incomingOf, respond, serveFetch } from '../web/serve.js';

/** Makes the middleware under test; broken ones must fail. */
type MakeGate = (options: Setup['options'], handler: Handler | undefined) => MiddlewareHandler;
type Handler = (value: unknown) => MiddlewareHandler;

const real: MakeGate = (options, handler) => bootstrapGate(handler ? { ...options, handler } : options);

export const honoAdapter = (HonoVersion: new () => Hono = Hono, gate = real): Adapter => ({
  features: ['next', 'forward', 'prefix', 'handler'],
  mount({ options, before, application, handler, prefix = '', onError }) {
    const app = new HonoVersion();
    app.onError((error) => {
      onError(error);
      return isGateError(error)
        ? new Response(null, { status: error.status, headers: { ...error.headers } })
        : new Response(null, { status: 500 });
    });
    app.use('*', (c, next) => before(incomingOf(c.req.raw), next));
    app.use(`${prefix}/*`, gate(options, handler && ((value) => serve(handler(value)))));
    app.use('*', serve(application));
    return serveFetch((request, info) => app.fetch(request, info as object));
  },
});

const serve =
  (application: Application): MiddlewareHandler =>
  async (c, next) =>
    (await respond(application, c.req.raw)) ?? (await next());
