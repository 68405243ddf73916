/** What reaches Fastify's own error handling, and what a client sees of it. */
import { bootstrapGate } from '../../../src/doors/fastify.js';
import { controlled, held, listening, versions } from './support.js';

describe.each(versions)('$name', ({ fastify }) => {
  test("H8, N1: a forwarded denial goes to Fastify's own handler, with its status and headers", async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const seen: unknown[] = [];
    app.addHook('onError', async (_request, _reply, error) => void seen.push(error));
    await app.register(bootstrapGate({ bootstrap, onDenied: 'forward', waitTimeoutMs: 20 }));
    const answer = await fetch(await listening(app));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-bootstrap-gate')).toBe('not-started');
    expect(await answer.json()).toMatchObject({ statusCode: 503, code: 'ERR_GATE_WAIT_TIMEOUT' });
    expect(seen).toEqual([expect.objectContaining({ code: 'ERR_GATE_WAIT_TIMEOUT', status: 503 })]);
    finish(undefined);
    await app.close();
  });

  test("H8, N1: it goes to the application's handler, whose answer has the headers", async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    app.setErrorHandler<Error & { code: string }>((error, _request, reply) =>
      reply.code(503).send(`sorry: ${error.code}`),
    );
    await app.register(bootstrapGate({ bootstrap, onDenied: 'forward', waitTimeoutMs: 20 }));
    const answer = await fetch(await listening(app));
    expect(await answer.text()).toBe('sorry: ERR_GATE_WAIT_TIMEOUT');
    expect(answer.headers.get('x-bootstrap-gate')).toBe('not-started');
    finish(undefined);
    await app.close();
  });

  test("H8: an error of a held request comes to the application's handler", async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    const error = new Error('the route failed');
    const seen: unknown[] = [];
    app.setErrorHandler((caught, request, reply) => {
      seen.push([caught, request.url]);
      return reply.code(500).send();
    });
    await app.register(gated);
    app.get('/:name', async () => {
      throw error;
    });
    const url = await listening(app);
    const answers = ['/a', '/b'].map((path) => fetch(url + path));
    await held(gated.gate, 2);
    finish(undefined);
    for (const answer of answers) expect((await answer).status).toBe(500);
    expect(seen).toEqual([[error, '/a'], [error, '/b']]); // prettier-ignore
    await app.close();
  });
});
