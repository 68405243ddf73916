/** What a ready gate costs on every request, called directly: no network, no framework around it. */
import { arrivals } from '../arrivals.js';
import type { Benchmark, Contender } from '../benchmark.js';
import { type ContenderName, contenderNames, contenders, type Middleware } from '../contenders.js';
import {
  express,
  fetchHandler,
  fastify,
  koa,
  listener,
  type Listener,
  middlewareOfNest,
  onRequestOf,
  serve,
} from '../direct-calls.js';

const bootstrap = (): number => 1;

/** A contender whose bootstrap its first request has completed. */
async function opened(name: ContenderName): Promise<Middleware> {
  const { middleware } = await contenders[name]({ bootstrap: async () => {}, limits: 'own' });
  if (!middleware) throw new Error(`${name} is no middleware`);
  await new Promise<void>((resolve, reject) => {
    arrivals(1, () => resolve()).then(({ arrived: [first] }) => {
      if (first) middleware(first.req, first.res, first.next);
    }, reject);
  });
  return middleware;
}

/** One is nothing to call, one is nothing on the path, and one never opens: its queue is seen in the throughput. */
const elsewhere: readonly ContenderName[] = ['no gate', 'gateServer', 'express-queue before a flag'];

const emptyListener = 'node: empty listener';
const emptyMiddleware = 'Express: empty middleware';
const emptyKoa = 'Koa: empty middleware';
const emptyFastify = 'Fastify: empty hook';

const node: Record<string, Contender> = {
  [emptyListener]: {
    run: listener(() => {
      const application: Listener = () => serve();
      return (req, res) => application(req, res);
    }),
  },
  'node: empty listener that hands on `this`': {
    against: emptyListener,
    run: listener(() => {
      const application: Listener = () => serve();
      return function (this: unknown, req, res) {
        return application.call(this, req, res);
      };
    }),
  },
  'node: bootstrapGate': {
    against: emptyListener,
    run: listener(async () => {
      const { bootstrapGate } = await import('bootstrap-gate/node');
      const gated = bootstrapGate(() => serve(), { bootstrap });
      await gated.gate.ensureReady();
      return gated;
    }),
  },
};

const middleware: Record<string, Contender> = {
  [emptyMiddleware]: { run: express(() => (_req, _res, next) => next()) },
  ...Object.fromEntries(
    contenderNames()
      .filter((name) => !elsewhere.includes(name))
      .map((name) => [`Express: ${name}`, { against: emptyMiddleware, run: express(() => opened(name)) }]),
  ),
  'Nest: GateModule': { against: emptyMiddleware, run: express(() => middlewareOfNest(bootstrap)) },
  'Express: `await gate.ensureReady()`': {
    against: emptyMiddleware,
    run: express(async () => {
      const { createGate } = await import('bootstrap-gate');
      const gate = createGate({ bootstrap });
      return async (_req, _res, next) => {
        await gate.ensureReady();
        next();
      };
    }),
  },
};

const koaMiddleware: Record<string, Contender> = {
  [emptyKoa]: { run: koa(() => (_ctx, next) => next()) },
  'Koa: bootstrapGate': {
    against: emptyKoa,
    run: koa(async () => {
      const { bootstrapGate } = await import('bootstrap-gate/koa');
      const gated = bootstrapGate({ bootstrap });
      await gated.gate.ensureReady();
      return gated;
    }),
  },
};

const fastifyHooks: Record<string, Contender> = {
  [emptyFastify]: {
    run: fastify(() => (_request, _reply, done) => {
      done();
    }),
  },
  'Fastify: bootstrapGate': {
    against: emptyFastify,
    run: fastify(async () => {
      const { bootstrapGate } = await import('bootstrap-gate/fastify');
      const gated = bootstrapGate({ bootstrap });
      await gated.gate.ensureReady();
      return await onRequestOf(gated);
    }),
  },
};

const emptyFetch = 'fetch: an empty handler behind a rest parameter';

const fetchHandlers: Record<string, Contender> = {
  [emptyFetch]: {
    run: fetchHandler(
      () =>
        (_request, ...rest) =>
          void (rest.length > 0 && serve()),
    ),
  },
  'fetch: bootstrapGate': {
    against: emptyFetch,
    run: fetchHandler(async () => {
      const { bootstrapGate } = await import('bootstrap-gate/fetch');
      const gated = bootstrapGate(() => serve(), { bootstrap });
      await gated.gate.ensureReady();
      return gated as (request: Request, info: object) => unknown;
    }),
  },
};

const gates = [
  'node: bootstrapGate',
  'Express: bootstrapGate',
  'Koa: bootstrapGate',
  'fetch: bootstrapGate',
  'Fastify: bootstrapGate',
  'Nest: GateModule',
];

export const benchmark: Benchmark = {
  title: 'A ready gate on the way of every request',
  about: `One call of the middleware with a \`next()\` that counts, in a loop; the fastest tenth of 200 batches. V8 compiles on the main
thread here (\`--single-threaded\`), so that each run measures the same machine code. Ratios are of the minima, since other work can
only add to a loop this short. The targets are below what the question "is it ready?" can cost: the flag by hand is the floor, one
property read and one comparison, and the gate is the same code; on node:http it also hands on \`this\`, as the listener that it
stands in for would get it. What returns a promise is awaited. express-queue never opens; see the throughput.`,
  rounds: 9,
  nodeOptions: ['--single-threaded'],
  metrics: { ns: { title: 'ns per call', digits: 2, ratioOf: 'min' } },
  contenders: { ...node, ...fetchHandlers, ...middleware, ...koaMiddleware, ...fastifyHooks },
  targets: [{ contenders: gates, metric: 'ns', of: 'ratio', atMost: 1.05 }],
};
