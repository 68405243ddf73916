import { loadSome } from '../src/bootstrap.js';
import { createApp } from '../src/express-app.js';
import type { Receipt } from '../src/notes.js';
import { listen } from './listen.js';

test('a reset stops the database and the next request starts over with an empty one', async () => {
  const { listener, gate } = createApp(loadSome(100));
  const { server, origin } = await listen(listener);
  const notes = async () => (await (await fetch(`${origin}/notes`)).json()) as Receipt[];

  await gate.ensureReady();
  await fetch(`${origin}/notes`, { method: 'POST', body: 'kept until the reset' });
  expect(await notes()).toHaveLength(1);
  await gate.reset();
  expect(gate.state).toBe('idle');
  expect(await notes()).toEqual([]);

  server.close();
  server.closeIdleConnections();
  await gate.close();
}, 60_000);
