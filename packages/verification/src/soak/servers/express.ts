import http from 'node:http';
import { Readable } from 'node:stream';
import { bootstrapGate } from 'bootstrap-gate/express';
import type { Express, RequestHandler } from 'express5';
import { type Application, doorOptions, type Mount } from './mount.js';

/** @param express of version 4 or 5 */
export const expressMount =
  (express: () => object): Mount =>
  (setup) => {
    const { application, handler, door } = setup;
    const app = express() as Express;
    app.set('env', 'test'); // errors go to the client alone
    const onDenied = door.forward ? 'forward' : 'respond';
    const options = { ...doorOptions(setup), onDenied } as const;
    app.use(bootstrapGate(handler ? { ...options, handler: (value) => serve(handler(value)) } : options));
    app.use(serve(application));
    return http.createServer(app);
  };

function serve(application: Application): RequestHandler {
  return (req, res, next) => {
    application(req, res)
      .then((reply) => {
        if (!reply) return;
        res.status(reply.status).set(reply.headers);
        if (reply.body instanceof Readable) reply.body.pipe(res);
        else res.send(reply.body);
      })
      .catch(next);
  };
}
