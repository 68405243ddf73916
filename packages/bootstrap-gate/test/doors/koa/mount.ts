/** How the conformance checks mount the Koa adapter. */
import http from 'node:http';
import { type Adapter, type Application, listen, type Setup } from '@bootstrap-gate/conformance';
import { bootstrapGate } from '../../../src/doors/koa.js';
import type Koa from 'koa';
import type { Middleware } from 'koa';

/** Makes the middleware under test; broken ones must fail. */
export type MakeGate = (options: Setup['options'], handler: Handler | undefined) => Middleware;
type Handler = (value: unknown) => Middleware;

const real: MakeGate = (options, handler) => bootstrapGate(handler ? { ...options, handler } : options);

export const koaAdapter = (KoaVersion: new () => object, gate = real): Adapter => ({
  features: ['next', 'forward', 'prefix', 'handler', 'connection', 'rawTarget'],
  mount({ options, before, application, handler, prefix, onError }) {
    const app = new KoaVersion() as Koa; // 2 or 3
    app.on('error', onError);
    app.use((ctx, next) => before(ctx.req, next));
    app.use(below(prefix, gate(options, handler && ((value) => serve(handler(value))))));
    app.use(serve(application));
    const callback = app.callback();
    return listen(http.createServer((req, res) => void callback(req, res)));
  },
});

const serve =
  (application: Application): Middleware =>
  async (ctx, next) => {
    const reply = await application(ctx.req);
    if (!reply) return await next();
    ctx.status = reply.status;
    ctx.set(reply.headers);
    ctx.body = reply.body;
  };

/** Mounts middleware below a prefix, as koa-mount does: it sees the rest of the path, what comes after it the whole. */
export function below(prefix: string | undefined, middleware: Middleware): Middleware {
  if (prefix === undefined) return middleware;
  return async (ctx, next) => {
    const { path } = ctx;
    if (!path.startsWith(`${prefix}/`)) return await next();
    ctx.path = path.slice(prefix.length);
    await middleware(ctx, async () => {
      ctx.path = path;
      await next();
      ctx.path = path.slice(prefix.length);
    });
    ctx.path = path;
  };
}
