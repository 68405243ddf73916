import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { gateServer } from '../../../src/doors/node/index.js';
import { dial, listen } from './support/network.js';
import { deferred, held } from './support/waiting.js';
import { never } from './support/never.js';

const CONNECT = 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n';
const tunnel = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
  socket.write(`HTTP/1.1 200 OK\r\n\r\n${req.url} ${head.toString()}`);
  socket.on('data', (part: Buffer) => socket.end(part));
};

function setUp(options = {}) {
  const boot = deferred();
  const server = createServer();
  server.on('connect', tunnel);
  return { boot, server, gate: gateServer(server, { bootstrap: () => boot.promise, ...options }) };
}

test('H5: a CONNECT is held and goes to connect, with what came behind it', async () => {
  const { boot, server, gate } = setUp();
  const client = await dial(await listen(server), `${CONNECT}early`);
  await held(gate, 1);
  expect(client.received).toBe('');
  boot.resolve();
  await client.until('example.org:443 early');
  client.socket.write('echo');
  expect(await client.ended).toMatch(/echo$/);
});

test('H5, N1: a denied CONNECT gets a 503 and ends', async () => {
  const { server } = setUp({ maxWaiting: 0 });
  const client = await dial(await listen(server), CONNECT);
  expect(await client.ended).toMatch(/^HTTP\/1\.1 503 .*X-Bootstrap-Gate: not-started.*ERR_GATE_QUEUE_FULL/s);
});

test('H5: a held CONNECT that nobody takes at admission is broken off, as without the gate', async () => {
  const { boot, server, gate } = setUp();
  const client = await dial(await listen(server), CONNECT);
  await held(gate, 1);
  server.off('connect', tunnel);
  boot.resolve();
  expect(await client.ended).toBe('');
});

test('H5: a CONNECT that nobody listens for is broken off at once, as without the gate', async () => {
  const server = createServer();
  const gate = gateServer(server, { bootstrap: never });
  const client = await dial(await listen(server), CONNECT);
  expect(await client.ended).toBe('');
  expect(gate.waiting).toBe(0);
});

test('H5: a held CONNECT that is reset harms nothing', async () => {
  const { server, gate } = setUp();
  const client = await dial(await listen(server), CONNECT);
  await held(gate, 1);
  client.socket.resetAndDestroy();
  await held(gate, 0);
  expect(gate.state).toBe('booting');
});
