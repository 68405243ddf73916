/** After every kind of answer the server's connections go to 0, whatever their clients do. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import type { Gate } from '../../../src/index.js';
import { certificate } from './support/certificate.js';
import { never } from './support/never.js';
import { atEnd, dial, listen } from './support/network.js';
import { deferred, held, turn, until } from './support/waiting.js';

const plain = 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n';
const last = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const upgrade = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n';
const connect = 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n';
const unread = 'z'.repeat(100_000);

async function countOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

async function noneLeft(server: Server): Promise<void> {
  while ((await countOf(server)) > 0) await turn();
}

/** A client that never ends its side. */
async function open(port: number, text: string, tls: boolean): Promise<Socket> {
  const where = { port, host: '127.0.0.1', allowHalfOpen: true, rejectUnauthorized: false };
  const { socket } = await dial(port, text, () => (tls ? connectTls(where) : connectTcp(where)));
  socket.on('error', () => {}); // a reset is one of the ways to end
  return socket;
}

/** How clients end, once they are held or answered. */
const endings = {
  'half-close': (socket: Socket) => void socket.end(),
  'leave data unread': (socket: Socket) => void socket.pause().end(),
  reset: (socket: Socket) => void (socket.destroySoon(), socket.destroy()),
} as const;

const kinds = {
  'an untaken upgrade': upgrade,
  'an untaken upgrade with bytes behind it': upgrade + unread,
  'an upgrade behind a pipeline': plain + plain + upgrade + unread,
  'a request': last,
  CONNECT: connect,
};

const answers = ['admitted', 'denied', 'closed'] as const;

describe.each([false, true])('TLS: %s', (tls) => {
  const matrix = answers.flatMap((answer) =>
    Object.keys(kinds).flatMap((kind) => Object.keys(endings).map((ending) => [answer, kind, ending] as const)),
  );
  test.each(matrix)('H10: %s, %s, clients that %s: no connection is left', async (answer, kind, ending) => {
    const boot = deferred();
    const server = (tls ? createHttpsServer(certificate) : createServer()).on('request', (_req, res) => res.end('ok'));
    server.on('connect', (_req, socket) => void socket.destroy());
    const gate: Gate = gateServer(server, { bootstrap: () => boot.promise, cooldownMs: 60_000 });
    gate.ensureReady().catch(() => {});
    const port = await listen(server);
    const text = kinds[kind as keyof typeof kinds];
    const clients = await Promise.all(Array.from({ length: 3 }, () => open(port, text, tls)));
    const each = kind.includes('pipeline') ? 3 : 1;
    await held(gate, 1 + each * clients.length);
    if (answer === 'admitted') boot.resolve();
    else if (answer === 'denied') boot.reject(new Error('no'));
    else void gate.close();
    await held(gate, 0);
    for (const socket of clients) endings[ending as keyof typeof endings](socket);
    await noneLeft(server);
  });
});

test('H10: an answered upgrade whose client sends on and on is cut', async () => {
  const server = createServer();
  const gate = gateServer(server, { bootstrap: never, maxWaiting: 0 });
  atEnd(() => void gate.close());
  const port = await listen(server);
  const socket = await open(port, upgrade, false);
  const flood = (): void => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
  };
  socket.on('drain', flood);
  flood();
  await noneLeft(server);
});

test('H10: an answered upgrade whose client does nothing ends by itself', async () => {
  const server = createServer();
  const gate = gateServer(server, { bootstrap: never, maxWaiting: 0 });
  atEnd(() => void gate.close());
  await open(await listen(server), upgrade, false);
  await noneLeft(server);
});

const raw = { held: { maxWaiting: 1_000 }, answered: { maxWaiting: 0 } };

test.each(['held', 'answered'] as const)('H10: closeAllConnections reaches upgrades that are %s', async (what) => {
  const server = createServer();
  const own = server.closeAllConnections;
  const gate = gateServer(server, { bootstrap: never, ...raw[what] });
  atEnd(() => void gate.close());
  const client = await open(await listen(server), upgrade, false);
  if (what === 'held') await held(gate, 1);
  else await new Promise((resolve) => client.once('data', resolve));
  server.closeAllConnections();
  await noneLeft(server);
  await until(() => server.closeAllConnections === own);
});

test('H10: gate.close() ends upgrades that were answered', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] }); // the limit of 5 s does not count
  atEnd(() => jest.useRealTimers());
  const server = createServer();
  const gate = gateServer(server, { bootstrap: never, maxWaiting: 0 });
  const client = await open(await listen(server), upgrade, false);
  await new Promise((resolve) => client.once('data', resolve));
  void gate.close();
  await noneLeft(server);
});

test.each([
  ['flushHeaders', (res: ServerResponse) => void res.flushHeaders()],
  ['a first byte', (res: ServerResponse) => void res.write(': wait\n\n')],
])('H10: a denial cuts the response where %s went out before the gate', async (_what, begin) => {
  const gated = bootstrapGate(() => {}, { bootstrap: never, maxWaiting: 0 });
  atEnd(() => void gated.gate.close());
  const server = createServer((req, res) => {
    begin(res);
    gated(req, res);
  });
  await open(await listen(server), plain, false);
  await noneLeft(server);
});

test('H11: pipelined requests whose bodies were read give their places back when their client resets', async () => {
  const gated = bootstrapGate(() => {}, { bootstrap: never, maxWaitingPerConnection: Infinity });
  atEnd(() => void gated.gate.close());
  const server = createServer((req, res) => void req.resume().on('end', () => gated(req, res)));
  const post = 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc';
  const client = await open(await listen(server), post.repeat(15), false);
  await held(gated.gate, 15);
  client.resetAndDestroy();
  await held(gated.gate, 0);
});
