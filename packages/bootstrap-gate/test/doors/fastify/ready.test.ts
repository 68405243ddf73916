/** A bootstrap that awaits the application, whose plugins await the gate. */
import { type Boot, createGate, type Gate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/fastify.js';
import type { FastifyInstance } from 'fastify';
import { versions } from './support.js';
import { collectWarnings, refusal, until } from '../../support.js';

const ways: Record<string, (app: FastifyInstance, wait: () => Promise<unknown>) => unknown> = {
  'a plugin': (app, wait) => app.register(async () => void (await wait())),
  'an onReady hook': (app, wait) => app.addHook('onReady', async () => void (await wait())),
};

afterEach(() => jest.restoreAllMocks());

describe.each(versions)('$name', ({ fastify }) => {
  // Fastify's own time limit for plugins may end it, and the application keeps what could: that is no proof.
  test.each(Object.entries(ways))(
    'D6: app.ready() in the bootstrap and the gate in %s are named at the stall, with the place',
    async (_what, add) => {
      const warnings = collectWarnings();
      const app = fastify();
      const bootstrap = (boot: Boot): Promise<void> => boot.step('routes', async () => void (await app.ready()));
      const gate: Gate<unknown> = createGate({ stallAfterMs: 50, bootstrap });
      void app.register(bootstrapGate({ gate }));
      add(app, () => gate.ensureReady().catch(() => {}));
      const caller = refusal(gate.ensureReady());
      await until(() => warnings.length > 0);
      expect(warnings[0]?.message).toMatch(
        /step "routes" of gate "bootstrap".*waits for gate "bootstrap" since .*ready\.test\.ts/,
      );
      void gate.close();
      expect((await caller).code).toBe('ERR_GATE_CLOSED');
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
