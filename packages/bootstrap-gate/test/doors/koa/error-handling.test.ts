/** What reaches Koa's own error handling, and what a client sees of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { isGateError } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/koa.js';
import { controlled, held, listening, versions } from './support.js';

describe.each(versions)('$name', ({ Koa }) => {
  test("H8, N1: a forwarded denial is Koa's error event, and its status and headers reach the client", async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap, onDenied: 'forward', waitTimeoutMs: 20 });
    const seen: unknown[] = [];
    app.on('error', (error) => seen.push(error));
    app.use(gated);
    const server = await listening(app);
    try {
      const answer = await fetch(server.url);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-bootstrap-gate')).toBe('not-started');
      expect(await answer.text()).toBe('Service Unavailable');
      expect(seen).toEqual([expect.objectContaining({ code: 'ERR_GATE_WAIT_TIMEOUT', status: 503 })]);
    } finally {
      finish(undefined);
      await server.close();
    }
  });

  test('H8, A6: middleware in front of the gate catches a forwarded denial, in the context of its request', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const names = new AsyncLocalStorage<string>();
    const gated = bootstrapGate({ bootstrap, onDenied: 'forward' });
    app.use((ctx, next) => names.run(ctx.path, next));
    app.use(async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        if (!isGateError(error)) throw error;
        ctx.status = error.status;
        ctx.set(error.headers ?? {});
        ctx.body = `${error.code} ${names.getStore()}`;
      }
    });
    app.use(gated);
    const server = await listening(app);
    try {
      const answers = ['/a', '/b'].map((path) => fetch(server.url + path));
      await held(gated.gate, 2);
      void gated.gate.close(); // the bootstrap does not end with it
      const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
      expect(texts).toEqual(['ERR_GATE_CLOSED /a', 'ERR_GATE_CLOSED /b']);
      expect((await answers[0])?.headers.get('x-bootstrap-gate')).toBe('not-started');
    } finally {
      finish(undefined);
      await server.close();
    }
  });

  test('H8: ctx.throw and http errors after release keep their status, message and headers', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    app.silent = true;
    app.use(gated);
    app.use((ctx) => ctx.throw(422, 'not like this', { headers: { 'X-Why': 'because' } }));
    const server = await listening(app);
    try {
      const answer = fetch(server.url);
      await held(gated.gate, 1);
      finish(undefined);
      const { status, headers } = await answer;
      expect([status, headers.get('x-why')]).toEqual([422, 'because']);
      expect(await (await answer).text()).toBe('not like this');
      expect((await fetch(server.url)).status).toBe(422);
    } finally {
      await server.close();
    }
  });

  test("H8: an error of a held request is one of Koa's error events, with the context of its request", async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    const error = new Error('the route failed');
    const seen: unknown[] = [];
    app.on('error', (caught: unknown, ctx: { path: string }) => seen.push([caught, ctx.path]));
    app.use(gated);
    app.use(async () => {
      await Promise.resolve();
      throw error;
    });
    const server = await listening(app);
    try {
      const answers = ['/a', '/b'].map((path) => fetch(server.url + path));
      await held(gated.gate, 2);
      finish(undefined);
      for (const answer of answers) expect((await answer).status).toBe(500);
      expect(seen).toHaveLength(2);
      expect(seen).toEqual(expect.arrayContaining([[error, '/a'], [error, '/b']])); // prettier-ignore
    } finally {
      await server.close();
    }
  });
});
