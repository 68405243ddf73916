import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { gateServer } from '../../../../src/doors/node/index.js';
import { dial, listen, send } from '../support/network.js';
import { deferred, held } from '../support/waiting.js';

const upgrade = 'GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

test('H3, A7: held requests that were pipelined in front of an upgrade give back their places with it', async () => {
  const boot = deferred();
  const served: (string | undefined)[] = [];
  const server = createServer((req) => served.push(req.url)).on('upgrade', ({ url }) => served.push(url));
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await dial(await listen(server), `${'GET /before HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)}${upgrade}`);
  await held(gate, 4);
  client.socket.resetAndDestroy();
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  expect(served).toEqual([]);
});

test('H3: held requests of other connections stay when the client of such a pipeline leaves', async () => {
  const boot = deferred();
  const server = createServer((req, res) => res.end(`served ${req.url}`)).on('upgrade', () => {});
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const port = await listen(server);
  const other = send(port, { path: '/other' });
  await held(gate, 1);
  const client = await dial(port, `GET /before HTTP/1.1\r\nHost: x\r\n\r\n${upgrade}`);
  await held(gate, 3);
  client.socket.resetAndDestroy();
  await held(gate, 1);
  boot.resolve();
  expect((await other).body).toBe('served /other');
});

/** Node keeps the server's side of an upgraded connection open: without an end of it, one client could take all places. */
test.each([
  ['an upgrade', upgrade],
  ['an upgrade with bytes behind it', `${upgrade}some bytes`],
  ['a CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'],
])(
  'H3, A7: the client of %s that closes its connection gives back its place, and the connection ends',
  async (_, text) => {
    const boot = deferred();
    const taken: string[] = [];
    const sockets: Socket[] = [];
    const server = createServer();
    server.on('upgrade', () => taken.push('upgrade')).on('connect', () => taken.push('connect'));
    server.on('connection', (socket: Socket) => sockets.push(socket));
    const gate = gateServer(server, { bootstrap: () => boot.promise });
    const port = await listen(server);
    for (let i = 0; i < 3; i++) {
      const client = await dial(port, text);
      await held(gate, 1);
      if (i === 0) client.socket.end();
      else client.socket.destroy();
      await held(gate, 0);
    }
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
    boot.resolve();
    await gate.ensureReady();
    expect(taken).toEqual([]);
  },
);
