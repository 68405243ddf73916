/** What a ready gate costs on every request, called directly: no network, no framework around it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { Context } from 'koa';
import type { Benchmark, Contender, Measures } from '../benchmark.js';
import { awaitedNanoseconds, nanoseconds } from '../loop.js';

const bootstrap = (): number => 1;
const req = { method: 'GET', url: '/', originalUrl: '/' } as Request;
const res = {} as Response;
const ctx = { req, res } as unknown as Context;
let served = 0;
const serve = (): void => void served++;

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;
type ExpressShape = (req: Request, res: Response, next: NextFunction) => unknown;
type KoaShape = (ctx: Context, next: () => Promise<unknown>) => unknown;

function listener(make: () => Listener | Promise<Listener>): () => Promise<Measures> {
  return async () => {
    const call = await make();
    return {
      ns: nanoseconds(1e5, (calls) => {
        for (let i = 0; i < calls; i++) call(req, res);
      }),
    };
  };
}

function express(make: () => ExpressShape | Promise<ExpressShape>): () => Promise<Measures> {
  return async () => {
    const call = await make();
    return {
      ns: nanoseconds(1e5, (calls) => {
        for (let i = 0; i < calls; i++) call(req, res, serve);
      }),
    };
  };
}

function koa(make: () => KoaShape | Promise<KoaShape>): () => Promise<Measures> {
  return async () => {
    const call = await make();
    const next = serve as unknown as () => Promise<unknown>;
    return {
      ns: nanoseconds(1e5, (calls) => {
        for (let i = 0; i < calls; i++) call(ctx, next);
      }),
    };
  };
}

function awaited(make: () => ExpressShape | Promise<ExpressShape>): () => Promise<Measures> {
  return async () => {
    const call = await make();
    return {
      ns: await awaitedNanoseconds(2e3, async (calls) => {
        for (let i = 0; i < calls; i++) await call(req, res, serve);
      }),
    };
  };
}

/** What people write by hand; the flag is set after the first calls, as in real life. */
function flag(): ExpressShape {
  const state = { ready: false };
  const started = Promise.resolve().then(() => (state.ready = true));
  return (_req, _res, next) => (state.ready ? next() : started.then(() => next()));
}

async function readyFlag(): Promise<ExpressShape> {
  const middleware = flag();
  await middleware(req, res, serve);
  return middleware;
}

const node: Record<string, Contender> = {
  'node: empty listener': {
    run: listener(() => {
      const application: Listener = () => serve();
      return (req, res) => application(req, res);
    }),
  },
  'node: gate': {
    against: 'node: empty listener',
    run: listener(async () => {
      const { bootstrapGate } = await import('@bootstrap-gate/node');
      const gated = bootstrapGate(() => serve(), { bootstrap });
      await gated.gate.ensureReady();
      return gated;
    }),
  },
};

const middleware: Record<string, Contender> = {
  'Express: empty middleware': { run: express(() => (_req, _res, next) => next()) },
  'Express: gate': {
    against: 'Express: empty middleware',
    run: express(async () => {
      const { bootstrapGate } = await import('@bootstrap-gate/express');
      const gated = bootstrapGate({ bootstrap });
      await gated.gate.ensureReady();
      return gated;
    }),
  },
  'Express: flag with shared promise, by hand': { against: 'Express: empty middleware', run: express(readyFlag) },
  'Koa: empty middleware': { run: koa(() => (_ctx, next) => next()) },
  'Koa: gate': {
    against: 'Koa: empty middleware',
    run: koa(async () => {
      const { bootstrapGate } = await import('@bootstrap-gate/koa');
      const gated = bootstrapGate({ bootstrap });
      await gated.gate.ensureReady();
      return gated;
    }),
  },
};

const promises: Record<string, Contender> = {
  'Express: `await` of a shared promise': {
    against: 'Express: empty middleware',
    run: awaited(() => {
      const started = Promise.resolve(1);
      return async (_req, _res, next) => {
        await started;
        next();
      };
    }),
  },
  'Express: `await` of a function memoised by p-memoize': {
    against: 'Express: empty middleware',
    run: awaited(async () => {
      const { default: pMemoize } = await import('p-memoize');
      const start = pMemoize(async () => 1);
      return async (_req, _res, next) => {
        await start();
        next();
      };
    }),
  },
  'Express: `await gate.ensureReady()`': {
    against: 'Express: empty middleware',
    run: awaited(async () => {
      const { createGate } = await import('@bootstrap-gate/core');
      const gate = createGate({ bootstrap });
      return async (_req, _res, next) => {
        await gate.ensureReady();
        next();
      };
    }),
  },
};

export const benchmark: Benchmark = {
  title: 'A ready gate on the way of every request',
  about: `One call of the middleware with a \`next()\` that counts, in a loop; the fastest tenth of 200 batches. V8 compiles on the main
thread here (\`--single-threaded\`), so that each run measures the same machine code. Ratios
are of the minima, since other work can only add to a loop this short.`,
  rounds: 9,
  nodeOptions: ['--single-threaded'],
  metrics: { ns: { title: 'ns per call', digits: 2, ratioOf: 'min' } },
  contenders: { ...node, ...middleware, ...promises },
  targets: [{ contenders: ['node: gate', 'Express: gate', 'Koa: gate'], metric: 'ns', of: 'ratio', atMost: 1.05 }],
};
