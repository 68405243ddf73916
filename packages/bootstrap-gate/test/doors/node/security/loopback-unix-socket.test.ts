import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createNetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { atEnd, send } from '../support/network.js';
import { deferred, held, warnings } from '../support/waiting.js';

/** Unix sockets have no addresses, so none can be told from another. */
test('D5: a server behind a Unix socket holds outsiders while its bootstrap uses another Unix socket', async () => {
  const seen = warnings();
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  const [database, own] = [join(folder, 'database'), join(folder, 'own')];
  await new Promise<void>((resolve) => {
    const server = createNetServer((socket) => socket.on('error', () => {})).listen(database, resolve);
    atEnd(() => server.close());
  });

  const connected = deferred<Socket>();
  const boot = deferred();
  const handler = bootstrapGate((_req, res) => res.end('served'), {
    bootstrap: () => {
      const socket = connect(database, () => connected.resolve(socket));
      atEnd(() => socket.destroy());
      return boot.promise;
    },
  });
  await new Promise<void>((resolve) => {
    const server = createServer(handler).listen(own, resolve);
    atEnd(() => server.close());
  });
  void handler.gate.ensureReady();
  await connected.promise;

  const outsider = send(0, { socketPath: own, path: '/outside' });
  await held(handler.gate, 2);
  boot.resolve();
  expect(await outsider).toMatchObject({ status: 200, body: 'served' });
  expect(seen).toEqual([]);
});
