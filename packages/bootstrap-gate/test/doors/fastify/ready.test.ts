/** A bootstrap that awaits the application, whose plugins await the gate. */
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import type { FastifyInstance } from 'fastify';
import { versions } from './support.js';

const ways: Record<string, (app: FastifyInstance, wait: () => Promise<unknown>) => unknown> = {
  'a plugin': (app, wait) => app.register(async () => void (await wait())),
  'an onReady hook': (app, wait) => app.addHook('onReady', async () => void (await wait())),
};

describe.each(versions)('$name', ({ fastify }) => {
  test.each(Object.entries(ways))(
    'D1: app.ready() in the bootstrap and the gate in %s are named',
    async (_what, add) => {
      const app = fastify();
      const gate = createGate({ bootstrap: (boot) => boot.step('routes', async () => void (await app.ready())) });
      void app.register(bootstrapGate({ gate }));
      add(app, () => gate.ensureReady());
      await expect(gate.ensureReady()).rejects.toMatchObject({
        code: 'ERR_GATE_BOOTSTRAP_FAILED',
        verdict: {
          cycle: [
            { owner: 'bootstrap of gate "bootstrap"', waitsFor: 'step "routes" of gate "bootstrap"' },
            {
              owner: 'step "routes" of gate "bootstrap"',
              waitsFor: 'gate "bootstrap"',
              at: expect.stringContaining('ready.test.ts'),
            },
          ],
        },
      });
    },
  );

  test('D2: app.ready() in the bootstrap, where nothing in the application awaits the gate, completes', async () => {
    const app = fastify();
    const gated = bootstrapGate({ bootstrap: async () => void (await app.ready()) });
    void app.register(gated);
    app.get('/', async () => 'served');
    await gated.gate.ensureReady();
    expect((await app.inject('/')).body).toBe('served');
    await app.close();
  });
});
