import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { gateServer } from '../../../../src/doors/node/index.js';
import { dial, listen } from '../support/network.js';
import { deferred, held, until } from '../support/waiting.js';

const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n';

function gated(options = {}) {
  const server = createServer();
  const boot = deferred();
  const taken: string[] = [];
  server.on('upgrade', (req: IncomingMessage, socket: Duplex) => {
    taken.push(req.url ?? '');
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n');
  });
  return { server, boot, taken, gate: gateServer(server, { bootstrap: () => boot.promise, ...options }) };
}

const closed = (server: ReturnType<typeof createServer>): Promise<unknown> =>
  new Promise((resolve) => server.close(resolve));

test('H3, A7: a client that closes its connection while its upgrade is held gives its place back, and nobody takes the upgrade', async () => {
  const { server, boot, taken, gate } = gated();
  const client = await dial(await listen(server), upgrade);
  await held(gate, 1);
  client.socket.destroy(); // a farewell, not a reset
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  expect(taken).toEqual([]);
  await closed(server);
});

test('H7: an upgrade that is denied with data unread lets the server close once its client has left', async () => {
  const { server, gate } = gated({ waitTimeoutMs: 20_000 });
  const connection = once(server, 'connection') as Promise<[Duplex & { bytesRead: number }]>;
  const client = await dial(await listen(server), upgrade);
  const [socket] = await connection;
  await held(gate, 1);
  client.socket.write('what nobody will read');
  await until(() => socket.bytesRead > upgrade.length);
  void gate.close();
  expect(await client.ended).toContain('HTTP/1.1 503');
  client.socket.destroy();
  await closed(server);
});
