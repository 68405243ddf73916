/** One gate or one middleware in several places. */
import { createGate } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/express.js';
import { controlled, held, listening, versions } from './support.js';

describe.each(versions)('$name', ({ express }) => {
  test('A1: one middleware in two applications runs one bootstrap and serves both', async () => {
    const { bootstrap, finish } = controlled();
    const run = jest.fn(bootstrap);
    const gated = bootstrapGate({ bootstrap: run });
    const servers = await Promise.all(
      ['one', 'two'].map((name) => listening(express().use(gated, (_req, res) => void res.send(name)))),
    );
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

  test('H2: two doors of one gate hold their requests apart', async () => {
    const { bootstrap, finish } = controlled();
    const gate = createGate({ bootstrap });
    const app = express();
    app.use('/small', bootstrapGate({ gate, maxWaiting: 1 }));
    app.use('/large', bootstrapGate({ gate }));
    app.use((_req, res) => void res.send('served'));
    const server = await listening(app);
    try {
      const small = fetch(`${server.url}/small`);
      await held(gate, 1);
      const large = fetch(`${server.url}/large`);
      await held(gate, 2);
      expect((await fetch(`${server.url}/small`)).status).toBe(503);
      expect((await fetch(`${server.url}/elsewhere`)).status).toBe(200);
      finish(undefined);
      expect([(await small).status, (await large).status]).toEqual([200, 200]);
    } finally {
      await server.close();
    }
  });

  test('N5: below a mounted application and a router, exempt and health compare the original URL', async () => {
    const { bootstrap, finish } = controlled();
    const gate = createGate({ bootstrap });
    const inner = express();
    const router = express.Router();
    router.use(bootstrapGate({ gate, maxWaiting: 1, exempt: ['/v1/api/open'], health: { ready: '/v1/api/ready' } }));
    router.use((req, res) => void res.send(req.originalUrl));
    inner.use('/api', router);
    const app = express().use('/v1', inner);
    const server = await listening(app);
    try {
      const first = fetch(`${server.url}/v1/api/first`);
      first.catch(() => {});
      await held(gate, 1);
      expect(await (await fetch(`${server.url}/v1/api/open?x=1`)).text()).toBe('/v1/api/open?x=1');
      expect(await (await fetch(`${server.url}/v1/api/ready`)).text()).toBe('not ok\n');
      for (const path of ['/v1/api/open/', '/v1/api/OPEN', '/v1/api/api/open'])
        expect((await fetch(server.url + path)).status).toBe(503);
      void gate.close();
      expect((await first).status).toBe(503);
    } finally {
      finish(undefined);
      await server.close();
    }
  });

  test('A2, H8: an open gate calls next() in the same tick and gives back what it returns', () => {
    const gate = createGate({ bootstrap: () => 1, eager: true });
    return gate.ensureReady().then(() => {
      const handler = bootstrapGate({ gate }) as unknown as (
        req: unknown,
        res: unknown,
        next: () => unknown,
      ) => unknown;
      const result = {};
      expect(handler({}, {}, () => result)).toBe(result);
    });
  });
});
