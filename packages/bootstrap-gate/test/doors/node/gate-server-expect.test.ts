import { createServer } from 'node:http';
import { gateServer } from '../../../src/doors/node/index.js';
import { dial, listen, responsesIn } from './support/network.js';
import { deferred, held, turn } from './support/waiting.js';

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const posting = (path: string, expect = '100-continue'): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: ${expect}\r\nContent-Length: 5\r\n\r\n`;

const echo = () =>
  createServer((req, res) => {
    void req.toArray().then((parts) => res.end(`got ${Buffer.concat(parts as Buffer[]).toString()}`));
  });

test('H5: no 100 Continue is sent before admission, and the body is delivered after it', async () => {
  const boot = deferred();
  const server = echo();
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await dial(await listen(server), posting('/'));

  await held(gate, 1);
  await turn();
  expect(client.received).toBe('');
  boot.resolve();

  expect(await client.until(CONTINUE)).toBe(CONTINUE);
  client.socket.write('apple');
  await client.until('got apple');
  expect(responsesIn(client.received.slice(CONTINUE.length))).toMatchObject([{ status: 200, body: 'got apple' }]);
});

test('H5: a checkContinue listener that was added during the bootstrap decides at admission', async () => {
  const boot = deferred();
  const onRequest = jest.fn();
  const server = createServer(onRequest);
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await dial(await listen(server), posting('/no'));
  await held(gate, 1);
  server.on('checkContinue', (req, res) => {
    res.writeHead(413, { Connection: 'close' });
    res.end(`${req.url} is too large`);
  });
  boot.resolve();

  expect(await client.ended).toMatch(/^HTTP\/1\.1 413 .*\/no is too large/s);
  expect(onRequest).not.toHaveBeenCalled();
});

test('H5: a checkContinue listener that was removed during the bootstrap no longer decides', async () => {
  const boot = deferred();
  const refuse = jest.fn();
  const server = echo();
  server.on('checkContinue', refuse);
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await dial(await listen(server), posting('/'));
  await held(gate, 1);
  server.off('checkContinue', refuse);
  boot.resolve();

  await client.until(CONTINUE);
  client.socket.write('apple');
  await client.until('got apple');
  expect(refuse).not.toHaveBeenCalled();
});

test('H5: a once listener to checkContinue takes the first of two held requests, the other goes to request', async () => {
  const boot = deferred();
  const server = echo();
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  server.once('checkContinue', (_req, res) => res.end('taken once'));
  const port = await listen(server);
  const first = await dial(port, posting('/1'));
  await held(gate, 1);
  const second = await dial(port, posting('/2'));
  await held(gate, 2);
  boot.resolve();

  await first.until('taken once');
  await second.until(CONTINUE);
  second.socket.write('apple');
  await second.until('got apple');
});

test('H5: nobody left to take it: the stand-in of the gate is not taken for a checkContinue listener', async () => {
  const server = echo();
  const gate = gateServer(server, { bootstrap: () => undefined });
  const port = await listen(server);
  await gate.ensureReady();
  expect(server.listenerCount('checkContinue')).toBe(0);
  const client = await dial(port, posting('/'));
  await client.until(CONTINUE);
  client.socket.write('apple');
  await client.until('got apple');
});

test('H5: a denied request with Expect gets its 503 and no 100 Continue', async () => {
  const server = echo();
  const gate = gateServer(server, { bootstrap: () => Promise.reject(new Error('no')), cooldownMs: 60_000 });
  await gate.ensureReady().catch(() => {});
  const client = await dial(await listen(server), posting('/'));
  expect(await client.until('ERR_GATE_BOOTSTRAP_FAILED')).toMatch(/^HTTP\/1\.1 503 /);
  expect(client.received).not.toContain('100 Continue');
});

test('H5: another expectation is held and goes to checkExpectation', async () => {
  const boot = deferred();
  const onRequest = jest.fn();
  const server = createServer(onRequest);
  server.on('checkExpectation', (req, res) => res.end(`expects ${req.headers.expect}`));
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await dial(await listen(server), posting('/', 'miracles'));
  await held(gate, 1);
  expect(client.received).toBe('');
  boot.resolve();
  await client.until('expects miracles');
  expect(onRequest).not.toHaveBeenCalled();
});

test('H5: an expectation that nobody takes any more at admission is answered with 417, as without the gate', async () => {
  const boot = deferred();
  const onRequest = jest.fn();
  const server = createServer(onRequest);
  server.once('checkExpectation', (_req, res) => res.end('taken once'));
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const port = await listen(server);
  const first = await dial(port, posting('/1', 'miracles'));
  await held(gate, 1);
  const second = await dial(port, posting('/2', 'miracles'));
  await held(gate, 2);
  boot.resolve();
  await first.until('taken once');
  await second.until('417 Expectation Failed');
  expect(onRequest).not.toHaveBeenCalled();
});
