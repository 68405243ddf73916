/** What reaches Express's own error handling, and what a client sees of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type GateError, isGateError } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/express.js';
import type { ErrorRequestHandler } from 'express';
import { controlled, held, listening, versions } from './support.js';

describe.each(versions)('$name', ({ express }) => {
  test('H8: a forwarded denial reaches the error handlers, and its headers the client', async () => {
    const app = express();
    const { bootstrap, fail } = controlled();
    const gated = bootstrapGate({ bootstrap, onDenied: 'forward', cooldownMs: 60_000 });
    const seen: GateError[] = [];
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {}); // of the failed bootstrap
    const onError: ErrorRequestHandler = (error, _req, res, next) => {
      if (!isGateError(error)) return next(error);
      seen.push(error);
      res
        .status(error.status)
        .set(error.headers ?? {})
        .json({ message: 'soon', code: error.code });
    };
    app.use(gated, onError);
    const server = await listening(app);
    try {
      const answer = fetch(server.url);
      await held(gated.gate, 1);
      const cause = new Error('no database');
      fail(cause);
      const { status, headers } = await answer;
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-bootstrap-gate')).toBe('not-started');
      expect(await (await answer).json()).toEqual({ message: 'soon', code: 'ERR_GATE_BOOTSTRAP_FAILED' });
      expect(seen[0]?.cause).toBe(cause);
    } finally {
      warned.mockRestore();
      await server.close();
    }
  });

  test("H8, N1: Express's last handler gives a forwarded denial its status and headers", async () => {
    const app = express().set('env', 'production');
    let log!: jest.SpyInstance;
    const logged = new Promise<void>((resolve) => {
      log = jest.spyOn(console, 'error').mockImplementation(() => resolve());
    });
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap, onDenied: 'forward', waitTimeoutMs: 20 });
    app.use(gated);
    const server = await listening(app);
    try {
      const answer = await fetch(server.url);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(answer.headers.get('x-bootstrap-gate')).toBe('not-started');
      expect(await answer.text()).not.toContain('did not open within');
      await logged;
    } finally {
      finish(undefined);
      log.mockRestore();
      await server.close();
    }
  });

  test('A6: a forwarded denial is handled in the async context of its request', async () => {
    const app = express();
    const names = new AsyncLocalStorage<string>();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap, onDenied: 'forward' });
    const onError: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(503).send(names.getStore());
    app.use((req, _res, next) => names.run(req.path, next));
    app.use(gated, onError);
    const server = await listening(app);
    try {
      const answers = ['/a', '/b'].map((path) => fetch(server.url + path));
      await held(gated.gate, 2);
      void gated.gate.reset(); // the bootstrap does not end with it
      const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
      expect(texts).toEqual(['/a', '/b']);
    } finally {
      finish(undefined);
      await server.close();
    }
  });

  test('H8: what a route throws after release reaches the error handlers, later routes stay out of it', async () => {
    const app = express();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    const error = new Error('the route failed');
    const seen: unknown[] = [];
    const onError: ErrorRequestHandler = (caught, _req, res, _next) => {
      seen.push(caught);
      res.status(500).send('handled');
    };
    app.use(gated);
    app.get('/throws', () => {
      throw error;
    });
    app.get('/passes-on', (_req, _res, next) => next(error));
    app.use((_req, res) => void res.send('must not be reached'));
    app.use(onError);
    const server = await listening(app);
    try {
      const answers = ['/throws', '/passes-on'].map((path) => fetch(server.url + path));
      await held(gated.gate, 2);
      finish(undefined);
      for (const answer of answers) expect(await (await answer).text()).toBe('handled');
      expect(seen).toEqual([error, error]);
    } finally {
      await server.close();
    }
  });

  test('H8, M1: what a built application throws at once reaches the error handlers, held or not', async () => {
    const app = express();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({
      bootstrap,
      handler: () => () => {
        throw new Error('the built application failed');
      },
    });
    const onError: ErrorRequestHandler = (error, _req, res, _next) =>
      void res.status(500).send((error as Error).message);
    app.use(gated, onError);
    const server = await listening(app);
    try {
      const answer = fetch(server.url);
      await held(gated.gate, 1);
      finish(undefined);
      expect(await (await answer).text()).toBe('the built application failed');
      expect(await (await fetch(server.url)).text()).toBe('the built application failed');
    } finally {
      await server.close();
    }
  });
});

test('H8: on Express 5 a rejection of what was released reaches the error handlers', async () => {
  const express = versions[1]!.express;
  const app = express();
  const { bootstrap, finish } = controlled();
  const gated = bootstrapGate({ bootstrap, handler: () => () => Promise.reject(new Error('rejected')) });
  const onError: ErrorRequestHandler = (error, _req, res, _next) => void res.status(500).send((error as Error).message);
  app.use(gated, onError);
  const server = await listening(app);
  try {
    const answer = fetch(server.url);
    await held(gated.gate, 1);
    finish(undefined);
    expect(await (await answer).text()).toBe('rejected');
    expect(await (await fetch(server.url)).text()).toBe('rejected');
  } finally {
    await server.close();
  }
});
