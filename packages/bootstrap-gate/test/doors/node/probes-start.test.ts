import { createServer } from 'node:http';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { listen, send } from './support/network.js';
import { until } from './support/waiting.js';

test.each(['/readyz', '/startupz'])(
  'N4: a request for %s starts a lazy bootstrap, and the next after a failed one',
  async (path) => {
    let starts = 0;
    const bootstrap = (): void => {
      if (++starts === 1) throw new Error('the database is down');
    };
    const gated = bootstrapGate(() => {}, { bootstrap, health: true, cooldownMs: 1 });
    const port = await listen(createServer(gated));
    expect((await send(port, { path })).status).toBe(503);
    await until(() => gated.gate.state === 'failed');
    while ((await send(port, { path })).status === 503);
    expect(starts).toBe(2);
  },
);

test('N4: a liveness request starts nothing', async () => {
  const gated = bootstrapGate(() => {}, { bootstrap: () => {}, health: true });
  const port = await listen(createServer(gated));
  expect((await send(port, { path: '/livez' })).status).toBe(200);
  expect(gated.gate.state).toBe('idle');
});

test('N4: in first-request mode health requests start nothing', async () => {
  const gated = bootstrapGate(() => {}, { health: true });
  const port = await listen(createServer(gated));
  expect((await send(port, { path: '/readyz' })).status).toBe(503);
  expect(gated.gate.state).toBe('idle');
});
