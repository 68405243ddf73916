import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gateServer } from '../../../../src/doors/node/index.js';
import { dial, listen } from '../support/network.js';
import { deferred, held, until } from '../support/waiting.js';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const upgrade = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;

function setUp(options: object = {}) {
  const boot = deferred();
  const served = new Map<string, ServerResponse>();
  const server = createServer((req, res) => void served.set(req.url ?? '', res));
  return { server, boot, served, gate: gateServer(server, { bootstrap: () => boot.promise, ...options }) };
}

test('H5, H6: an upgrade that nobody takes is answered after what was pipelined in front of it', async () => {
  const { server, boot, served, gate } = setUp();
  const client = await dial(await listen(server), get('/first') + get('/second') + upgrade('/last'));
  await held(gate, 3);
  boot.resolve();
  await until(() => served.size === 2);
  served.get('/second')?.end('two.');
  served.get('/first')?.end('one.');
  await until(() => served.size === 3);
  served.get('/last')?.end('three.');
  expect((await client.ended).match(/one\.|two\.|three\./g)).toEqual(['one.', 'two.', 'three.']);
});

test('H5, N5: so is an exempt one, which waits for nobody else', async () => {
  const { server, boot, served, gate } = setUp({ exempt: ['/last'] });
  const client = await dial(await listen(server), get('/first') + upgrade('/last'));
  await held(gate, 1);
  boot.resolve();
  await until(() => served.size === 1);
  served.get('/first')?.end('one.');
  await until(() => served.size === 2);
  served.get('/last')?.end('two.');
  expect((await client.ended).match(/one\.|two\./g)).toEqual(['one.', 'two.']);
});

test('H3: an upgrade whose client leaves before the answers in front of it are out reaches nobody', async () => {
  const { server, boot, served, gate } = setUp();
  const client = await dial(await listen(server), get('/first') + upgrade('/last'));
  await held(gate, 2);
  boot.resolve();
  await until(() => served.size === 1);
  const first = served.get('/first') as ServerResponse;
  client.socket.resetAndDestroy();
  await until(() => first.destroyed);
  await new Promise((resolve) => server.close(resolve));
  expect([...served.keys()]).toEqual(['/first']);
});

test('H5: a client that resets while an upgrade that nobody takes is answered harms nothing', async () => {
  const { server, boot, served, gate } = setUp();
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => void sockets.push(socket));
  const client = await dial(await listen(server), upgrade('/only'));
  await held(gate, 1);
  boot.resolve();
  await until(() => served.size === 1);
  client.socket.resetAndDestroy();
  await until(() => sockets.every(({ destroyed }) => destroyed));
  served.get('/only')?.end('too late');
  await new Promise((resolve) => server.close(resolve));
});
