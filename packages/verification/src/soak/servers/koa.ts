import http from 'node:http';
import { bootstrapGate } from 'bootstrap-gate/koa';
import type Koa from 'koa3';
import type { Middleware } from 'koa3';
import { type Application, doorOptions, type Mount } from './mount.js';

/** @param KoaVersion 2 or 3 */
export const koaMount =
  (KoaVersion: new () => object): Mount =>
  (setup) => {
    const { application, handler, door } = setup;
    const app = new KoaVersion() as Koa;
    app.silent = true; // errors go to the client alone
    const onDenied = door.forward ? 'forward' : 'respond';
    const options = { ...doorOptions(setup), onDenied } as const;
    app.use(bootstrapGate(handler ? { ...options, handler: (value) => serve(handler(value)) } : options));
    app.use(serve(application));
    const callback = app.callback();
    return http.createServer((req, res) => void callback(req, res));
  };

function serve(application: Application): Middleware {
  return async (ctx) => {
    const reply = await application(ctx.req, ctx.res);
    if (!reply) return void (ctx.respond = false);
    ctx.status = reply.status;
    ctx.set(reply.headers);
    ctx.body = reply.body;
  };
}
