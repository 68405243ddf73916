/** Which requests the plugin holds, and what of Fastify's life cycle they have seen by then. */
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import type { FastifyInstance } from 'fastify';
import { controlled, held, listening, versions } from './support.js';

const route = (app: FastifyInstance, path: string): FastifyInstance => app.get(path, async () => path);

describe.each(versions)('$name', ({ fastify }) => {
  test('H1: routes and plugins from before and after the gate are held, nested ones and 404s too', async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    route(app, '/before');
    void app.register(async (sibling) => void route(sibling, '/sibling-before'));
    void app.register(gated);
    void app.register(async (sibling) => void sibling.register(async (nested) => void route(nested, '/nested-after')));
    route(app, '/after');
    const url = await listening(app);
    const paths = ['/before', '/sibling-before', '/nested-after', '/after', '/nowhere'];
    const answers = paths.map((path) => fetch(url + path));
    await held(gated.gate, paths.length);
    finish(undefined);
    const seen = await Promise.all(answers.map(async (answer) => [(await answer).status, await (await answer).text()]));
    expect(seen.slice(0, 4)).toEqual(paths.slice(0, 4).map((path) => [200, path]));
    expect(seen[4]?.[0]).toBe(404);
    await app.close();
  });

  test('H1: registered in a plugin with a prefix it holds the routes there, and no others', async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap, exempt: ['/api/metrics'] });
    void app.register(
      async (api) => {
        await api.register(gated);
        route(api, '/orders');
        route(api, '/metrics');
      },
      { prefix: '/api' },
    );
    route(app, '/outside');
    const url = await listening(app);
    const answer = fetch(`${url}/api/orders`);
    await held(gated.gate, 1);
    expect(await (await fetch(`${url}/outside`)).text()).toBe('/outside');
    expect(await (await fetch(`${url}/api/metrics`)).text()).toBe('/metrics');
    finish(undefined);
    expect(await (await answer).text()).toBe('/orders');
    await app.close();
  });

  test('H1: a body is neither parsed nor validated while its request is held', async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    const parsed: string[] = [];
    app.addContentTypeParser('text/x-noted', { parseAs: 'string' }, async (_request: unknown, body: string) => {
      parsed.push(body);
      return body;
    });
    await app.register(gated);
    app.post('/', { schema: { body: { type: 'string', maxLength: 4 } } }, async ({ body }) => body);
    const url = await listening(app);
    const post = (body: string) => fetch(url, { method: 'POST', headers: { 'Content-Type': 'text/x-noted' }, body });
    const [good, bad] = [post('good'), post('too long')];
    await held(gated.gate, 2);
    expect(parsed).toEqual([]);
    finish(undefined);
    expect(await (await good).text()).toBe('good');
    expect((await bad).status).toBe(400);
    expect(parsed.sort()).toEqual(['good', 'too long']);
    await app.close();
  });

  test('N6: a denial has the headers of the hooks in front, is logged by onResponse, and runs no onSend', async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const seen: unknown[] = [];
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers({ 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/css', 'Cache-Control': 'public' });
      done();
    });
    app.addHook('onSend', async () => void seen.push('onSend'));
    app.addHook('onResponse', async (_request, reply) => void seen.push(reply.statusCode));
    await app.register(bootstrapGate({ bootstrap, waitTimeoutMs: 20 }));
    const url = await listening(app);
    const { status, headers } = await fetch(url);
    expect(status).toBe(503);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
      'x-bootstrap-gate': 'not-started',
    });
    expect(seen).toEqual([503]);
    finish(undefined);
    await app.close();
  });

  test('N2, N4, N5: health, the waiting page and exempt routes, before and after the gate is open', async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap, health: true, waitingPage: true, exempt: ['/metrics'] });
    await app.register(gated);
    route(app, '/metrics');
    const status = async (url: string): Promise<number> => (await app.inject(url)).statusCode;
    expect([await status('/livez'), await status('/readyz'), await status('/metrics')]).toEqual([200, 503, 200]);
    const navigation = { url: '/', headers: { accept: 'text/html' } };
    const page = await app.inject(navigation);
    expect([page.statusCode, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    finish(undefined);
    await gated.gate.ensureReady();
    expect([await status('/livez'), await status('/readyz'), await status('/metrics')]).toEqual([200, 200, 200]);
    expect((await app.inject(navigation)).statusCode).toBe(404);
    await app.close();
  });
});

test('A2: an open gate calls on in the same tick, and touches neither request nor reply', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const hooks: Record<string, (request: object, reply: object, done: () => void) => unknown> = {};
  const app = { addHook: (name: string, hook: never) => (hooks[name] = hook) };
  bootstrapGate({ gate })(app as never, {}, () => {});
  const done = jest.fn();
  expect(hooks.onRequest?.(Object.freeze({}), Object.freeze({}), done)).toBeUndefined();
  expect(done.mock.calls).toEqual([[]]);
});

test('what it does not understand is a TypeError that says what to do', () => {
  expect(() => bootstrapGate({ exempt: 1 as never })).toThrow(/^bootstrapGate: option "exempt" /);
  const handler = { bootstrap: () => 1, handler: () => () => {} };
  expect(() => bootstrapGate(handler)).toThrow(/option "handler" is not understood here: .* use bootstrap-gate\/node/);
});
