/** Calls middleware and listeners directly: no network, no framework around them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Context } from 'koa';
import type { Contender, Measures } from './benchmark.js';
import type { Middleware } from './contenders.js';
import { awaitedNanoseconds, nanoseconds } from './loop.js';

const CALLS = 1e5;
const AWAITED_CALLS = 2e3;

const req = { method: 'GET', url: '/', originalUrl: '/' } as Request;
const res = {} as Response;
const ctx = { req, res } as unknown as Context;
let served = 0;
/** What `next()` is. */
export const serve = (): void => void served++;

export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;
type KoaMiddleware = (ctx: Context, next: () => Promise<unknown>) => unknown;

export function listener(make: () => Listener | Promise<Listener>): Contender['run'] {
  return async () => {
    const call = await make();
    return {
      ns: nanoseconds(CALLS, (calls) => {
        for (let i = 0; i < calls; i++) call(req, res);
      }),
    };
  };
}

export function koa(make: () => KoaMiddleware | Promise<KoaMiddleware>): Contender['run'] {
  return async () => {
    const call = await make();
    const next = serve as unknown as () => Promise<unknown>;
    return {
      ns: nanoseconds(CALLS, (calls) => {
        for (let i = 0; i < calls; i++) call(ctx, next);
      }),
    };
  };
}

export function express(make: () => Middleware | Promise<Middleware>): Contender['run'] {
  return async () => {
    const call = await make();
    return call(req, res, serve) instanceof Promise ? awaited(call) : direct(call);
  };
}

const direct = (call: Middleware): Measures => ({
  ns: nanoseconds(CALLS, (calls) => {
    for (let i = 0; i < calls; i++) call(req, res, serve);
  }),
});

const awaited = async (call: Middleware): Promise<Measures> => ({
  ns: await awaitedNanoseconds(AWAITED_CALLS, async (calls) => {
    for (let i = 0; i < calls; i++) await call(req, res, serve);
  }),
});
