/** The end of an application. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import { controlled, held, listening, versions } from './support.js';

const codeOf = async (answer: Promise<Response>): Promise<unknown> =>
  ((await (await answer).json()) as { code: string }).code;

describe.each(versions)('$name', ({ fastify }) => {
  test('H7: app.close() denies what is held, by socket and by inject(), and completes', async () => {
    const app = fastify();
    const gated = bootstrapGate({
      bootstrap: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    await app.register(gated);
    const answer = fetch(await listening(app));
    const injected = app.inject('/');
    await held(gated.gate, 2);
    await app.close();
    expect(gated.gate.state).toBe('closed');
    expect((await answer).headers.get('connection')).toBe('close');
    expect(await codeOf(answer)).toBe('ERR_GATE_CLOSED');
    expect((await injected).json()).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  });

  test('A9: what the bootstrap opened is stopped when the requests in flight are answered, and app.close() waits for it', async () => {
    const app = fastify();
    const order: string[] = [];
    const { bootstrap: answering, finish } = controlled();
    const gated = bootstrapGate({ bootstrap: { run: () => 'db', stop: async () => void order.push('stopped') } });
    await app.register(gated);
    const arrival = controlled();
    app.get('/', async () => {
      arrival.finish(undefined);
      await answering();
      order.push(`answered with ${gated.gate.value as string}`);
      return 'served';
    });
    const request = get(await listening(app), { agent: false }); // a connection that is kept would hold up app.close()
    await arrival.bootstrap();
    const closed = app.close().then(() => order.push('closed'));
    while (gated.gate.state !== 'draining') await new Promise((resolve) => setImmediate(resolve));
    finish(undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await closed;
    expect(order).toEqual(['answered with db', 'stopped', 'closed']);
  });

  test('H7: a shared gate stays as it is: only what is held here is denied', async () => {
    const { bootstrap, finish } = controlled();
    const gate = createGate({ bootstrap });
    const [shop, admin] = [fastify(), fastify()];
    for (const app of [shop, admin]) {
      await app.register(bootstrapGate({ gate }));
      app.get('/', async () => 'served');
    }
    const [denied, served] = [fetch(await listening(shop)), fetch(await listening(admin))];
    await held(gate, 2);
    await shop.close();
    expect(await codeOf(denied)).toBe('ERR_GATE_CLOSED');
    expect([gate.state, gate.waiting]).toEqual(['booting', 1]);
    finish(undefined);
    expect(await (await served).text()).toBe('served');
    await admin.close();
    expect(gate.state).toBe('ready');
  });

  test('H7: what is injected after app.close() is not held', async () => {
    const app = fastify({ return503OnClosing: false });
    const gate = createGate({ bootstrap: () => new Promise(() => {}) });
    await app.register(bootstrapGate({ gate }));
    let late: Promise<{ json(): unknown }> | undefined;
    app.addHook('preClose', (done) => {
      late = app.inject('/') as Promise<{ json(): unknown }>;
      done();
    });
    await app.ready();
    await app.close();
    expect((await late)?.json()).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    expect(gate.state).toBe('idle');
  });
});
