/** Calls middleware and listeners directly: no network, no framework around them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Gate } from 'bootstrap-gate';
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from 'koa';
import type { Contender, Measures } from './benchmark.js';
import type { Middleware } from './contenders.js';
import { awaitedNanoseconds, nanoseconds } from './loop.js';

const CALLS = 1e5;
const AWAITED_CALLS = 2e3;

const req = { method: 'GET', url: '/', originalUrl: '/' } as Request;
const res = {} as Response;
const ctx = { req, res } as unknown as Context;
const request = { raw: req, originalUrl: '/' } as unknown as FastifyRequest;
const reply = { raw: res } as unknown as FastifyReply;
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

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** The hook that a plugin adds: what Fastify calls for each request. */
export function onRequestOf(plugin: FastifyPluginCallback): Promise<OnRequest> {
  return new Promise((resolve) => {
    const addHook = (name: string, hook: OnRequest): void => {
      if (name === 'onRequest') resolve(hook);
    };
    plugin({ addHook } as unknown as FastifyInstance, {}, () => {});
  });
}

/** The middleware that the module of Nest puts in front of its platform. */
export async function middlewareOfNest(bootstrap: () => unknown): Promise<Middleware> {
  await import('reflect-metadata');
  const { Module } = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const { BOOTSTRAP_GATE, GateModule } = await import('bootstrap-gate/nest');
  const used: Middleware[] = [];
  class Platform extends ExpressAdapter {
    override use(...args: never[]): unknown {
      used.push(...args);
      return super.use(...args);
    }
  }
  class AppModule {}
  Module({ imports: [GateModule.forRoot({ bootstrap })] })(AppModule);
  const app = await NestFactory.create(AppModule, new Platform(), { logger: false });
  await app.get<Gate>(BOOTSTRAP_GATE).ensureReady();
  const [middleware] = used;
  if (!middleware) throw new Error('GateModule has put nothing in front');
  return middleware;
}

export function fastify(make: () => OnRequest | Promise<OnRequest>): Contender['run'] {
  return async () => {
    const call = await make();
    return {
      ns: nanoseconds(CALLS, (calls) => {
        for (let i = 0; i < calls; i++) call(request, reply, serve);
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

type Fetch = (request: globalThis.Request, info: object) => unknown;

/** A fetch handler; the request is the same object every time, since making one would cost more than all else. */
export function fetchHandler(make: () => Fetch | Promise<Fetch>): Contender['run'] {
  return async () => {
    const call = await make();
    const request = new globalThis.Request('http://localhost/');
    const info = {};
    return {
      ns: nanoseconds(CALLS, (calls) => {
        for (let i = 0; i < calls; i++) call(request, info);
      }),
    };
  };
}
