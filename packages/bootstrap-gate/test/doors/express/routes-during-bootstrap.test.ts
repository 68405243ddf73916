/** M2: an application that goes on mounting while it starts. */
import { bootstrapGate } from '../../../src/doors/express.js';
import type { ErrorRequestHandler } from 'express';
import { controlled, held, listening, versions } from './support.js';

describe.each(versions)('$name', ({ express }) => {
  test('M2: routes that the bootstrap mounts serve the requests that were held meanwhile', async () => {
    const app = express();
    const ready = controlled();
    const gated = bootstrapGate({
      bootstrap: async () => {
        await ready.bootstrap();
        app.get('/late', (_req, res) => void res.json({ from: 'late route' }));
        const router = express.Router();
        router.get('/:id', (req, res) => void res.json({ id: req.params.id }));
        app.use('/items', router);
      },
    });
    app.use(gated);
    const server = await listening(app);
    try {
      const answers = [fetch(`${server.url}/late`), fetch(`${server.url}/items/7`), fetch(`${server.url}/nowhere`)];
      await held(gated.gate, 3);
      ready.finish(undefined);
      const [late, item, nowhere] = await Promise.all(answers);
      expect(await late?.json()).toEqual({ from: 'late route' });
      expect(await item?.json()).toEqual({ id: '7' });
      expect(nowhere?.status).toBe(404);
    } finally {
      await server.close();
    }
  });

  test('M2: an error handler that the bootstrap mounts takes the errors of held requests', async () => {
    const app = express();
    const ready = controlled();
    const gated = bootstrapGate({
      bootstrap: async () => {
        await ready.bootstrap();
        app.get('/fails', () => {
          throw new Error('from the late route');
        });
        const onError: ErrorRequestHandler = (error, _req, res, _next) =>
          void res.status(418).send((error as Error).message);
        app.use(onError);
      },
    });
    app.use(gated);
    const server = await listening(app);
    try {
      const answer = fetch(`${server.url}/fails`);
      await held(gated.gate, 1);
      ready.finish(undefined);
      const { status } = await answer;
      expect(status).toBe(418);
      expect(await (await answer).text()).toBe('from the late route');
    } finally {
      await server.close();
    }
  });

  test('M1: an application that its bootstrap builds answers below the path where the gate is mounted', async () => {
    const app = express();
    const ready = controlled<string>();
    const gated = bootstrapGate({
      bootstrap: ready.bootstrap,
      handler: (name) => {
        const router = express.Router();
        router.get('/hello', (req, res) => void res.json({ name, url: req.url, originalUrl: req.originalUrl }));
        return router;
      },
    });
    app.use('/api', gated);
    app.use((_req, res) => void res.status(404).send('nobody'));
    const server = await listening(app);
    try {
      const answers = [fetch(`${server.url}/api/hello`), fetch(`${server.url}/api/other`)];
      await held(gated.gate, 2);
      ready.finish('built');
      const [hello, other] = await Promise.all(answers);
      const expected = { name: 'built', url: '/hello', originalUrl: '/api/hello' };
      expect(await hello?.json()).toEqual(expected);
      expect(await other?.text()).toBe('nobody');
      expect(await (await fetch(`${server.url}/api/hello`)).json()).toEqual(expected);
    } finally {
      await server.close();
    }
  });
});
