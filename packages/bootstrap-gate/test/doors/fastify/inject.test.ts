/** Requests that are made in the process itself. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import { controlled, held, versions } from './support.js';

describe.each(versions)('$name', ({ fastify }) => {
  test('H9: inject() is held and answered, in the context of its caller', async () => {
    const app = fastify();
    const { bootstrap, finish } = controlled();
    const gated = bootstrapGate({ bootstrap });
    const names = new AsyncLocalStorage<string>();
    await app.register(gated);
    app.post('/', async ({ body }) => ({ body, name: names.getStore() }));
    const answers = ['a', 'b'].map((name) =>
      names.run(name, () => app.inject({ method: 'POST', url: '/', payload: { name } }).then((reply) => reply.json())),
    );
    await held(gated.gate, 2);
    finish(undefined);
    expect(await Promise.all(answers)).toEqual(['a', 'b'].map((name) => ({ body: { name }, name })));
    await app.close();
  });

  test('H9, N1: inject() is denied', async () => {
    const app = fastify();
    await app.register(
      bootstrapGate({ bootstrap: () => Promise.reject(new Error('no database')), cooldownMs: 60_000 }),
    );
    app.get('/', async () => 'must not be reached');
    const reply = await app.inject('/');
    expect([reply.statusCode, reply.headers['x-bootstrap-gate']]).toEqual([503, 'not-started']);
    expect(reply.json()).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED' });
    await app.close();
  });

  test('D5: an inject() that the bootstrap awaits ends with its time limit, and one of others is held', async () => {
    const app = fastify();
    const codes: unknown[] = [];
    const gated = bootstrapGate({
      waitTimeoutMs: 300,
      bootstrap: async (boot) => {
        const reply = await boot.step('warm up', () => app.inject('/'));
        codes.push(reply.json<{ code: string }>().code);
      },
    });
    await app.register(gated);
    app.get('/', async () => 'served');
    await gated.gate.ensureReady();
    expect((await app.inject('/')).body).toBe('served');
    expect(codes).toEqual([expect.stringMatching(/^ERR_GATE_(WAIT_TIMEOUT|LOOPBACK)$/)]);
    await app.close();
  });
});
