import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { dial, listen, responsesIn } from './support/network.js';
import { deferred, held, turn, until } from './support/waiting.js';

const get = (path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

async function setUp(options = {}, around?: (req: IncomingMessage, res: ServerResponse) => void) {
  const boot = deferred();
  const served: string[] = [];
  const gated = bootstrapGate(
    (req, res) => {
      served.push(req.url ?? '');
      res.end(`served ${req.url}`);
    },
    { bootstrap: () => boot.promise, ...options },
  );
  const server = createServer((req, res) => {
    around?.(req, res);
    void gated(req, res);
  });
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  return { port: await listen(server), gate: gated.gate, boot, served, sockets };
}

test('H3, A7: a client that resets while held frees its place at once, and is never served', async () => {
  const { port, gate, boot, served } = await setUp();
  const client = await dial(port, get('/gone'));
  await held(gate, 1);
  client.socket.resetAndDestroy();
  await held(gate, 0);
  expect(gate.state).toBe('booting');
  boot.resolve();
  await gate.ensureReady();
  expect((await (await dial(port, get('/here'))).until('served /here')).startsWith('HTTP/1.1 200')).toBe(true);
  expect(served).toEqual(['/here']);
});

test('H3: a client that half-closes while held counts as gone', async () => {
  const { port, gate, boot, served } = await setUp();
  const client = await dial(port, get('/half'));
  await held(gate, 1);
  client.socket.end();
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  expect(await client.ended).toBe('');
  expect(served).toEqual([]);
});

test('H3: a client that breaks off its upload while held frees its place, and is never served', async () => {
  const { port, gate, boot, served } = await setUp();
  const client = await dial(port, 'POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this');
  await held(gate, 1);
  client.socket.resetAndDestroy();
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  expect(served).toEqual([]);
});

test('H3: a client whose end is not reported yet when the gate opens is not served', async () => {
  const { port, gate, boot, served, sockets } = await setUp();
  await dial(port, get('/gone'));
  await held(gate, 1);
  const client = await dial(port, get('/here'));
  await held(gate, 2);
  boot.resolve();
  gate.onChange(() => sockets[0]?.destroy());
  await client.until('served /here');
  expect(served).toEqual(['/here']);
  expect(gate.report()).toMatchObject({ admitted: 1, held: 0 });
});

test('H3: a request that somebody else answers while it is held is not served again, and its connection goes on', async () => {
  const answers: (() => void)[] = [];
  const { port, gate, boot, served } = await setUp({}, (req, res) => {
    if (req.url === '/slow') answers.push(() => res.writeHead(504, { 'Content-Length': 8 }).end('too slow'));
  });
  const client = await dial(port, get('/slow'));
  await held(gate, 1);
  answers[0]?.();
  await client.until('too slow');
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  client.socket.write(get('/next'));
  await client.until('served /next');
  expect(responsesIn(client.received).map(({ body }) => body)).toEqual(['too slow', 'served /next']);
  expect(served).toEqual(['/next']);
});

test('H3: a request that somebody else answers in the tick in which the gate opens is not served again', async () => {
  const answers: (() => void)[] = [];
  const { port, gate, boot, served } = await setUp({}, (_req, res) => {
    answers.push(() => res.writeHead(504, { 'Content-Length': 8 }).end('too slow'));
  });
  const client = await dial(port, get('/slow'));
  await held(gate, 1);
  gate.onChange((state) => {
    if (state === 'ready') answers[0]?.();
  });
  boot.resolve();
  await client.until('too slow');
  await turn();
  expect(served).toEqual([]);
  expect(responsesIn(client.received)).toHaveLength(1);
});

test('H10: a denial cuts an answer that has begun in front of the gate, since nothing else would end it', async () => {
  const { port, gate } = await setUp({}, (_req, res) => {
    res.writeHead(200, { 'Content-Length': 8 }).write('begun ');
  });
  const client = await dial(port, get());
  await held(gate, 1);
  void gate.reset();
  expect(gate.waiting).toBe(0);
  expect(await client.ended).toMatch(/begun $/);
});

test('H6: the connection of a held request is used again after release', async () => {
  const { port, gate, boot, served, sockets } = await setUp();
  const client = await dial(port, post('/first', 'body'));
  await held(gate, 1);
  boot.resolve();
  await client.until('served /first');
  client.socket.write(get('/second'));
  await client.until('served /second');
  expect(served).toEqual(['/first', '/second']);
  expect(sockets).toHaveLength(1);
});

test.each([
  ['GET', get('/late')],
  ['POST', post('/late', 'body')],
])('H6, N1: the connection of a %s that was denied for its waiting time is used again', async (_method, text) => {
  const { port, gate, boot, served, sockets } = await setUp({ waitTimeoutMs: 1 });
  const client = await dial(port, text);
  expect(await client.until('ERR_GATE_WAIT_TIMEOUT')).toMatch(/^HTTP\/1\.1 503 /);
  expect(client.received).not.toMatch(/connection: close/i);
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  client.socket.write(get('/again'));
  await client.until('served /again');
  expect(served).toEqual(['/again']);
  expect(sockets).toHaveLength(1);
});

test('A2, A11: after release no listener of the gate is left on request and response', async () => {
  const counts: Record<string, number>[] = [];
  const boot = deferred();
  const count = (emitter: NodeJS.EventEmitter): Record<string, number> =>
    Object.fromEntries(emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]));
  const gated = bootstrapGate(
    (req, res) => {
      counts.push(count(req), count(res), count(req.socket));
      res.end('ok');
    },
    { bootstrap: () => boot.promise },
  );
  const port = await listen(createServer(gated));
  const early = await dial(port, get());
  await held(gated.gate, 1);
  boot.resolve();
  await early.until('ok');
  const late = await dial(port, get());
  await late.until('ok');
  expect(counts.slice(0, 3)).toEqual(counts.slice(3));
});

test('A2, A11: after a denial no listener of the gate is left on request and response', async () => {
  let seen: [IncomingMessage, ServerResponse] | undefined;
  const { port, gate } = await setUp({}, (req, res) => {
    seen ??= [req, res];
    expect(res.listenerCount('close')).toBe(0);
  });
  const client = await dial(port, get());
  await held(gate, 1);
  const [req, res] = seen as [IncomingMessage, ServerResponse];
  expect(res.listenerCount('close')).toBe(1);
  await Promise.race([gate.reset(), client.until('ERR_GATE_NOT_READY')]);
  expect([req.listenerCount('close'), res.listenerCount('close')]).toEqual([0, 0]);
});

test('H3: clients that leave one by one leave no place, no timer and no count behind', async () => {
  const { port, gate } = await setUp({ maxWaiting: 4 });
  for (let round = 0; round < 3; round++) {
    const clients = [];
    for (let i = 0; i < 4; i++) clients.push(await dial(port, get()));
    await held(gate, 4);
    for (const { socket } of clients) socket.resetAndDestroy();
    await held(gate, 0);
  }
  await until(() => gate.report().held === 0);
  expect(gate.report()).toMatchObject({ held: 0, admitted: 0, denied: 0 });
});
