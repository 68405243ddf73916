/** How the conformance checks mount the Express adapter. */
import http from 'node:http';
import { Readable } from 'node:stream';
import { type Adapter, type Application, listen, type Setup } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/express.js';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';

/** Makes the middleware under test; broken ones must fail. */
export type MakeGate = (options: Setup['options'], handler: Handler | undefined) => RequestHandler;
type Handler = (value: unknown) => RequestHandler;

const real: MakeGate = (options, handler) => bootstrapGate(handler ? { ...options, handler } : options);

export const expressAdapter = (express: () => object, gate = real): Adapter => ({
  features: ['next', 'forward', 'prefix', 'handler', 'connection', 'rawTarget'],
  mount({ options, before, application, handler, prefix = '/', onError }) {
    const app = express() as Express; // 4 or 5
    const reportError: ErrorRequestHandler = (error, _req, _res, next) => {
      onError(error);
      next(error);
    };
    app.use((req, _res, next) => void before(req, next));
    app.use(prefix, gate(options, handler && ((value) => serve(handler(value)))));
    app.use(serve(application));
    app.use(reportError);
    return listen(http.createServer(app));
  },
});

const serve =
  (application: Application): RequestHandler =>
  (req, res, next) => {
    const reply = application(req); // where it throws, Express takes it from here
    Promise.resolve(reply)
      .then((reply) => {
        if (!reply) return next();
        res.status(reply.status).set(reply.headers);
        if (reply.body instanceof Readable) reply.body.pipe(res);
        else res.send(reply.body);
      })
      .catch(next);
  };
