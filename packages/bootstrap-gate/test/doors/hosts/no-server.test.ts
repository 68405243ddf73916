/** H9: requests that no HTTP server made. */
import { configure } from '@codegenie/serverless-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import inject from 'light-my-request';
import { createRequest, createResponse } from 'node-mocks-http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import serverless from 'serverless-http';
import { bootstrapGate as expressGate } from '../../../src/doors/express.js';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import type { Gate } from '../../../src/index.js';
import { deferred } from '../../support.js';
import { never } from '../node/support/never.js';
import { until } from '../node/support/waiting.js';

interface Options {
  readonly bootstrap?: () => Promise<void>;
  readonly maxWaiting?: number;
}

interface Hosted {
  readonly gate: Gate<unknown>;
  /** Sends a request, and gives the status of its answer. */
  readonly send: () => Promise<number>;
}

function expressApp(options: Options): { app: express.Express; gate: Gate<unknown> } {
  const gated = expressGate(options as { bootstrap: () => Promise<void> });
  const app = express()
    .use(gated)
    .use((_req, res) => void res.status(201).send('fine'));
  return { app, gate: gated.gate };
}

function listener(options: Options): RequestListener & { readonly gate: Gate<unknown> } {
  const answer: RequestListener = (_req, res) => {
    res.statusCode = 201;
    res.end('fine');
  };
  return bootstrapGate(answer, options as { bootstrap: () => Promise<void> });
}

function called(gate: Gate<unknown>, middleware: unknown, make: () => [unknown, { statusCode: number; end: unknown }]) {
  const send = (): Promise<number> =>
    new Promise((resolve) => {
      const [req, res] = make();
      const { end } = res;
      res.end = (...args: unknown[]) => {
        if (typeof end === 'function') Reflect.apply(end, res, args);
        resolve(res.statusCode);
      };
      const next = (): void => {
        res.statusCode = 201;
        (res.end as () => void)();
      };
      (middleware as (req: Request, res: Response, next: NextFunction) => void)(req as Request, res as never, next);
    });
  return { gate, send };
}

const event = { httpMethod: 'GET', path: '/x', headers: { host: 'x' }, requestContext: {}, multiValueHeaders: {} };

const codegenieEvent = {
  ...event,
  multiValueHeaders: { host: ['x'] },
  requestContext: { identity: { sourceIp: '10.0.0.1' } },
};

const hosts: Record<string, (options: Options) => Hosted> = {
  'serverless-http with Express'(options) {
    const { app, gate } = expressApp(options);
    const handle = serverless(app);
    return { gate, send: async () => ((await handle(event, {})) as { statusCode: number }).statusCode };
  },
  'serverless-http with a listener'(options) {
    const gated = listener(options);
    const handle = serverless(gated as (req: IncomingMessage, res: ServerResponse) => void);
    return { gate: gated.gate, send: async () => ((await handle(event, {})) as { statusCode: number }).statusCode };
  },
  '@codegenie/serverless-express'(options) {
    const { app, gate } = expressApp(options);
    const handle = configure({ app }) as unknown as (event: object, context: object) => Promise<{ statusCode: number }>;
    return { gate, send: async () => (await handle(codegenieEvent, {})).statusCode };
  },
  'light-my-request'(options) {
    const { app, gate } = expressApp(options);
    return { gate, send: async () => (await inject(app as never, { url: '/x' })).statusCode };
  },
  'node-mocks-http'(options) {
    const middleware = expressGate(options as { bootstrap: () => Promise<void> });
    return called(middleware.gate, middleware, () => [createRequest({ url: '/x' }), createResponse() as never]);
  },
  'a bare object'(options) {
    const middleware = expressGate(options as { bootstrap: () => Promise<void> });
    return called(middleware.gate, middleware, () => [
      { method: 'GET', url: '/x' },
      { statusCode: 0, setHeader() {}, end: undefined },
    ]);
  },
};

describe.each(Object.entries(hosts))('%s', (_name, host) => {
  test('H9: a request is held, and admitted when the gate opens', async () => {
    const boot = deferred();
    const { gate, send } = host({ bootstrap: () => boot.promise });
    const answers = [send(), send()];
    await until(() => gate.waiting === 2);
    boot.resolve();
    expect(await Promise.all(answers)).toEqual([201, 201]);
  });

  test('H9, F3: a request passes as the first one alone, and the others follow', async () => {
    const { gate, send } = host({});
    expect(await Promise.all([send(), send(), send()])).toEqual([201, 201, 201]);
    await until(() => gate.ready);
  });

  test('H9, N1: a request is denied', async () => {
    const { send } = host({ bootstrap: never, maxWaiting: 0 });
    expect(await send()).toBe(503);
  });
});
