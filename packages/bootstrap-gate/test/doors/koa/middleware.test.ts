/** The gate among other middleware of Koa. */
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/koa.js';
import { below } from './mount.js';
import { controlled, held, listening, versions } from './support.js';

describe.each(versions)('$name', ({ Koa }) => {
  test('H8: middleware in front of the gate goes on when the released request has been answered', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    app.use(async (ctx, next) => {
      await next();
      ctx.set('X-Body', String(ctx.body));
    });
    app.use(gated);
    app.use(async (ctx) => {
      await new Promise((resolve) => setImmediate(resolve));
      ctx.body = 'served';
    });
    const server = await listening(app);
    try {
      const answer = fetch(server.url);
      await held(gated.gate, 1);
      finish(undefined);
      expect((await answer).headers.get('x-body')).toBe('served');
      expect((await fetch(server.url)).headers.get('x-body')).toBe('served');
    } finally {
      await server.close();
    }
  });

  test('H8: an open gate gives back the very promise of what comes next', async () => {
    const gate = createGate({ bootstrap: () => 1 });
    await gate.ensureReady();
    const promise = Promise.resolve();
    expect(bootstrapGate({ gate })({} as never, () => promise)).toBe(promise);
  });

  test('A2, H8: with health paths an open gate compares the URL, and gives back the very promise', async () => {
    const gate = createGate({ bootstrap: () => 1 });
    await gate.ensureReady();
    const promise = Promise.resolve();
    const ctx = { req: { method: 'GET' }, originalUrl: '/' } as never;
    expect(bootstrapGate({ gate, health: true, waitingPage: true })(ctx, () => promise)).toBe(promise);
  });

  test('a wrong option is a TypeError that names the function', () => {
    expect(() => bootstrapGate({ exempt: 1 as never })).toThrow(/^bootstrapGate: option "exempt" /);
  });

  test('N1: a denial written by the gate stands, whatever Koa would answer after it', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    app.use(bootstrapGate({ bootstrap, waitTimeoutMs: 20 }));
    app.use((ctx) => (ctx.body = 'must not be reached'));
    const server = await listening(app);
    try {
      const answer = await fetch(server.url);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ code: 'ERR_GATE_WAIT_TIMEOUT' });
    } finally {
      finish(undefined);
      await server.close();
    }
  });

  test('N4: health is answered once, with middleware around the gate that touches the response', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const errors: unknown[] = [];
    app.on('error', (error) => errors.push(error));
    app.use(async (_ctx, next) => {
      await next();
    });
    app.use(bootstrapGate({ bootstrap, health: true }));
    const server = await listening(app);
    try {
      expect((await fetch(`${server.url}/livez`)).status).toBe(200);
      expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
      expect(errors).toEqual([]);
    } finally {
      finish(undefined);
      await server.close();
    }
  });

  test('N5: below a mount that cuts the path, exempt and health compare the original URL', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap, maxWaiting: 1, exempt: ['/api/open'], health: { ready: '/api/ready' } });
    app.use(below('/api', gated));
    app.use((ctx) => (ctx.body = ctx.originalUrl));
    const server = await listening(app);
    try {
      const first = fetch(`${server.url}/api/first`);
      await held(gated.gate, 1);
      expect(await (await fetch(`${server.url}/api/open?x=1`)).text()).toBe('/api/open?x=1');
      expect(await (await fetch(`${server.url}/api/ready`)).text()).toBe('not ok\n');
      for (const path of ['/api/open/', '/api/OPEN', '/api/api/open'])
        expect((await fetch(server.url + path)).status).toBe(503);
      finish(undefined);
      expect(await (await first).text()).toBe('/api/first');
    } finally {
      await server.close();
    }
  });

  test('A1: one middleware in two applications runs one bootstrap and serves both', async () => {
    const { bootstrap, finish } = controlled();
    const run = jest.fn(bootstrap);
    const gated = bootstrapGate({ bootstrap: run });
    const apps = ['one', 'two'].map((name) => new Koa().use(gated).use((ctx) => (ctx.body = name)));
    const servers = await Promise.all(apps.map(listening));
    try {
      const answers = servers.map(({ url }) => fetch(url));
      await held(gated.gate, 2);
      finish(undefined);
      const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
      expect(texts).toEqual(['one', 'two']);
      expect(run).toHaveBeenCalledTimes(1);
    } finally {
      await Promise.all(servers.map((server) => server.close()));
    }
  });

  test('M1, M2: what a bootstrap builds takes the requests through handler, and a list of middleware is copied at listen()', async () => {
    const app = new Koa();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({
      bootstrap: async () => {
        await bootstrap();
        app.use((ctx) => (ctx.body = 'added too late'));
        return 'built';
      },
      handler: (value) => async (ctx, next) => {
        if (ctx.path === '/built') ctx.body = value;
        else await next();
      },
    });
    app.use(gated);
    const server = await listening(app);
    try {
      const answers = ['/built', '/other'].map((path) => fetch(server.url + path));
      await held(gated.gate, 2);
      finish(undefined);
      const [built, other] = await Promise.all(answers);
      expect(await built?.text()).toBe('built');
      expect(other?.status).toBe(404);
    } finally {
      await server.close();
    }
  });
});
