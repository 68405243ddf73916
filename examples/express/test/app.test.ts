import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { app, gate } from '../src/app.js';

test('requests that come while the database connects are answered when it is there; probes are answered at once', async () => {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ask = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

  const held = Promise.all(['/cities', '/cities'].map(ask));
  expect((await ask('/livez')).status).toBe(200);
  expect((await ask('/readyz')).status).toBe(503);
  for (const answer of await held) expect(await answer.json()).toEqual(['Lima', 'Oslo', 'Paris']);
  expect((await ask('/readyz')).status).toBe(200);
  expect((await ask('/nowhere')).status).toBe(404);

  await gate.close();
  server.close();
  server.closeAllConnections();
});
