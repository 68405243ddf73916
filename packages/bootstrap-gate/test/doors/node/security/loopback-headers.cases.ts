import '../../../small-heap/runner.js';
import { createServer } from 'node:http';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { dial, listen, send } from '../support/network.js';
import { deferred, held, warnings } from '../support/waiting.js';

test('D5: an outsider that names the address and port of a connection of the bootstrap in its headers is held', async () => {
  const seen = warnings();
  const boot = deferred();
  const ports: (number | undefined)[] = [];
  const handler = bootstrapGate((_req, res) => res.end('served'), {
    bootstrap: async () => {
      await Promise.all([send(port, { path: '/own' }), dial(port)]); // the second connection stays open
      opened.resolve();
      await boot.promise;
    },
  });
  const opened = deferred();
  const server = createServer(handler).on('connection', ({ remotePort }) => ports.push(remotePort));
  const port = await listen(server);
  void handler.gate.ensureReady();
  await opened.promise;
  const outsiders = ports.map((own) =>
    send(port, {
      path: '/own',
      headers: {
        'X-Forwarded-For': '127.0.0.1',
        'X-Forwarded-Port': String(own),
        Forwarded: `for="127.0.0.1:${own}"`,
        'X-Real-IP': '127.0.0.1',
        Via: '1.1 localhost',
        'X-Bootstrap-Gate': 'loopback',
      },
    }),
  );
  await held(handler.gate, 1 + outsiders.length);
  boot.resolve();
  expect((await Promise.all(outsiders)).map(({ status }) => status)).toEqual([200, 200]);
  expect(seen).toHaveLength(1);
});
