import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { gateServer } from '../../../src/doors/node/index.js';
import { atEnd, dial, listen } from './support/network.js';
import { type Deferred, deferred, held, warnings } from './support/waiting.js';

const upgrade = (path = '/', protocol = 'chat'): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`;
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n';
const accept =
  (text: string) =>
  (_req: IncomingMessage, socket: Duplex): void =>
    void socket.end(SWITCH + text);

function gated(server: Server, options = {}): { gate: ReturnType<typeof gateServer>; boot: Deferred<void> } {
  const boot = deferred();
  return { gate: gateServer(server, { bootstrap: () => boot.promise, ...options }), boot };
}

function webSockets(server: Server, name: string, path?: string): WebSocketServer {
  const sockets = new WebSocketServer(path ? { server, path } : { server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`${name}: ${String(data)}`));
  });
  atEnd(() => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });
  return sockets;
}

function webSocket(port: number, path = '/'): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  atEnd(() => socket.terminate());
  return socket;
}

async function ask(socket: WebSocket, text: string): Promise<string> {
  if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open');
  socket.send(text);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  return answer.toString();
}

test.each(['before the gate', 'after the gate', 'during the bootstrap'])(
  'H5: a WebSocket that comes early is held, with ws attached %s',
  async (when) => {
    const server = createServer();
    if (when === 'before the gate') webSockets(server, 'echo');
    const { gate, boot } = gated(server);
    if (when === 'after the gate') webSockets(server, 'echo');
    const socket = webSocket(await listen(server));
    await held(gate, 1);
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    if (when === 'during the bootstrap') webSockets(server, 'echo');
    boot.resolve();

    expect(await ask(socket, 'hello')).toBe('echo: hello');
    expect(await ask(webSocket((server.address() as { port: number }).port), 'again')).toBe('echo: again');
  },
);

test('H5: what a client sends together with its upgrade arrives behind it', async () => {
  const server = createServer();
  const { gate, boot } = gated(server);
  const client = await dial(await listen(server), `${upgrade()}early`);
  await held(gate, 1);
  client.socket.write(' and later');
  server.on('upgrade', (_req: IncomingMessage, socket: Duplex, head: Buffer) => {
    let text = head.toString();
    socket.on('data', (part: Buffer) => {
      text += part.toString();
      if (text === 'early and later') socket.end(`${SWITCH}all of it`);
    });
  });
  boot.resolve();
  expect(await client.ended).toBe(`${SWITCH}all of it`);
});

test('H5: every upgrade listener hears of a held upgrade once, once listeners only of the first', async () => {
  const server = createServer();
  const { gate, boot } = gated(server);
  const heard: string[] = [];
  server.once('upgrade', (req) => heard.push(`once ${req.url}`));
  server.on('upgrade', (req) => heard.push(`first ${req.url}`));
  server.on('upgrade', (req, socket) => {
    heard.push(`second ${req.url}`);
    accept('done')(req, socket);
  });
  const port = await listen(server);
  const one = await dial(port, upgrade('/1'));
  await held(gate, 1);
  const two = await dial(port, upgrade('/2'));
  await held(gate, 2);
  boot.resolve();
  await Promise.all([one.ended, two.ended]);
  expect(heard).toEqual(['once /1', 'first /1', 'second /1', 'first /2', 'second /2']);
});

test('H5: a single once listener takes one held upgrade, and the next goes to request', async () => {
  const server = createServer((req, res) => res.end(`request ${req.url}`));
  const { gate, boot } = gated(server);
  const port = await listen(server);
  const one = await dial(port, upgrade('/1'));
  await held(gate, 1);
  const two = await dial(port, upgrade('/2'));
  await held(gate, 2);
  server.once('upgrade', accept('taken'));
  boot.resolve();
  expect(await one.ended).toBe(`${SWITCH}taken`);
  expect(await two.ended).toContain('request /2');
});

test('H5: two WebSocket servers by path share the held upgrades', async () => {
  const server = createServer();
  const { gate, boot } = gated(server);
  const routes: Record<string, WebSocketServer> = {};
  for (const path of ['/a', '/b']) {
    const sockets = new WebSocketServer({ noServer: true });
    atEnd(() => sockets.close());
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`${path} ${String(data)}`)));
    routes[path] = sockets;
  }
  const port = await listen(server);
  const [a, b] = [webSocket(port, '/a'), webSocket(port, '/b')];
  await held(gate, 2);
  server.on('upgrade', (req, socket, head) => {
    const sockets = routes[req.url ?? ''];
    sockets?.handleUpgrade(req, socket, head, (client) => sockets.emit('connection', client, req));
  });
  boot.resolve();
  expect(await Promise.all([ask(a, 'x'), ask(b, 'y')])).toEqual(['/a x', '/b y']);
  a.close();
  b.close();
  await Promise.all([once(a, 'close'), once(b, 'close')]);
});

test('H5, A7: a held upgrade whose client resets gives back its place and harms nothing', async () => {
  const server = createServer();
  const taken = jest.fn();
  const { gate, boot } = gated(server);
  server.on('upgrade', taken);
  const port = await listen(server);
  const clients = await Promise.all([dial(port, upgrade()), dial(port, upgrade())]);
  await held(gate, 2);
  for (const { socket } of clients) socket.resetAndDestroy();
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  expect(taken).not.toHaveBeenCalled();
});

test('H5: after release no listener of the gate is left on the socket', async () => {
  const server = createServer();
  const { gate, boot } = gated(server);
  const counts: number[][] = [];
  server.on('upgrade', (req: IncomingMessage, socket: Duplex) => {
    counts.push(['error', 'close'].map((event) => socket.listenerCount(event)));
    accept('done')(req, socket);
  });
  const port = await listen(server);
  const early = await dial(port, upgrade());
  await held(gate, 1);
  boot.resolve();
  await early.ended;
  const late = await dial(port, upgrade());
  await late.ended;
  expect(counts[0]).toEqual(counts[1]);
});

test('N1, H5: a denied upgrade is answered like a denied request, and its connection ends', async () => {
  const server = createServer();
  const taken = jest.fn();
  server.on('upgrade', taken);
  const { gate, boot } = gated(server, { cooldownMs: 60_000 });
  warnings();
  const port = await listen(server);
  const waiting = await dial(port, upgrade());
  await held(gate, 1);
  boot.reject(new Error('secret cause'));

  for (const text of [await waiting.ended, await (await dial(port, upgrade())).ended]) {
    expect(text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(text).toMatch(/\r\nConnection: close\r\n/i);
    expect(text).toMatch(/\r\nRetry-After: \d+\r\n/i);
    expect(text).toMatch(/\r\nX-Bootstrap-Gate: not-started\r\n/i);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED' });
    expect(text).not.toContain('secret');
  }
  expect(taken).not.toHaveBeenCalled();
});

test.each([true, false])('N3, H5: with expose: %s a denied upgrade is told the cause accordingly', async (expose) => {
  warnings();
  const server = createServer().on('upgrade', accept('never'));
  gateServer(server, { bootstrap: () => Promise.reject(new Error('secret cause')), expose });
  const client = await dial(await listen(server), upgrade());
  const answer = await client.ended;
  expect(answer).toContain('ERR_GATE_BOOTSTRAP_FAILED');
  expect(answer.includes('secret cause')).toBe(expose);
});

test('N1, H5: a denied upgrade whose side of the connection somebody else has ended is broken off', async () => {
  const server = createServer();
  const { gate } = gated(server);
  const sockets: Duplex[] = [];
  server.on('connection', (socket: Duplex) => sockets.push(socket));
  const port = await listen(server);
  const client = await dial(port, upgrade(), () => connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  await held(gate, 1);
  sockets[0]?.end();
  await client.ended;
  void gate.close();
  expect(sockets[0]?.destroyed).toBe(true);
});

test('N1, H5: an upgrade whose client resets while it is denied harms nothing', async () => {
  const server = createServer();
  const { gate, boot } = gated(server);
  warnings();
  const sockets: Duplex[] = [];
  server.on('connection', (socket: Duplex) => sockets.push(socket));
  const client = await dial(await listen(server), upgrade());
  await held(gate, 1);
  const closed = new Promise((resolve) => sockets[0]?.once('close', resolve));
  client.socket.resetAndDestroy();
  boot.reject(new Error('no'));
  await closed;
  expect(gate.waiting).toBe(0);
});

test('N2, H5: an upgrade is never shown the waiting page', async () => {
  const server = createServer();
  const { gate, boot } = gated(server, { cooldownMs: 60_000, waitingPage: true });
  warnings();
  const port = await listen(server);
  const wish = upgrade().replace('Host: x', 'Host: x\r\nAccept: text/html');
  const waiting = await dial(port, wish);
  await held(gate, 1);
  boot.reject(new Error('no'));
  expect(await waiting.ended).toContain('application/problem+json');
  expect(await (await dial(port, wish)).ended).toContain('application/problem+json');
});

test('A12, H5: after close an upgrade is denied with ERR_GATE_CLOSED', async () => {
  const server = createServer();
  const taken = jest.fn();
  server.on('upgrade', taken);
  const { gate } = gated(server);
  const port = await listen(server);
  const waiting = await dial(port, upgrade());
  await held(gate, 1);
  void gate.close(); // ends when the bootstrap has
  expect(await waiting.ended).toContain('ERR_GATE_CLOSED');
  expect(await (await dial(port, upgrade())).ended).toContain('ERR_GATE_CLOSED');
  expect(taken).not.toHaveBeenCalled();
});

test('N5, H5: an exempt upgrade does not wait', async () => {
  const server = createServer();
  const { gate } = gated(server, { exempt: ['/live'] });
  server.on('upgrade', accept('at once'));
  const client = await dial(await listen(server), upgrade('/live?x=1'));
  expect(await client.ended).toBe(`${SWITCH}at once`);
  expect(gate.state).toBe('idle');
});

test('H2, H5: held upgrades take places like requests', async () => {
  const server = createServer();
  const { gate } = gated(server, { maxWaiting: 1 });
  const port = await listen(server);
  await dial(port, upgrade());
  await held(gate, 1);
  expect(await (await dial(port, upgrade())).ended).toContain('ERR_GATE_QUEUE_FULL');
  expect(gate.report().held).toBe(1);
});

test('F3: an upgrade is never the pilot; it is held until a request was', async () => {
  const server = createServer((_req, res) => res.end('pilot'));
  const gate = gateServer(server);
  server.on('upgrade', accept('after the pilot'));
  const port = await listen(server);
  const client = await dial(port, upgrade());
  await held(gate, 1);
  expect(gate.state).toBe('idle');
  const pilot = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await pilot.ended).toContain('pilot');
  expect(await client.ended).toBe(`${SWITCH}after the pilot`);
});
