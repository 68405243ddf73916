import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { atEnd, dial, listen, send } from './support/network.js';
import { deferred, held, until, warnings } from './support/waiting.js';

interface Message {
  readonly gate: string;
  readonly type: string;
  readonly flight: number | null;
  readonly waitedMs: number | null;
  readonly held: number;
  readonly code: string | null;
}

function listenToRequests(): Message[] {
  const messages: Message[] = [];
  // What is left of other test files in this process is of another realm.
  const note = (message: unknown): void => void (message instanceof Object && messages.push(message as Message));
  subscribe('bootstrap-gate.request', note);
  atEnd(() => unsubscribe('bootstrap-gate.request', note));
  return messages;
}

async function setUp(options: object = {}) {
  const boot = deferred();
  const bootstrap = (): Promise<void> => boot.promise;
  const handler = bootstrapGate((_req, res) => res.end('ok'), { name: 'shop', bootstrap, ...options });
  return { port: await listen(createServer(handler)), gate: handler.gate, boot };
}

const told = (messages: Message[]): unknown[] => messages.map(({ type, code }) => (code ? [type, code] : type));

test('P2: a request that is held and admitted is told with its gate and its waiting time', async () => {
  const messages = listenToRequests();
  const { port, gate, boot } = await setUp();
  const reply = send(port);
  await held(gate, 1);
  boot.resolve();
  await reply;
  await send(port); // of an open gate nothing is told
  const waitedMs = expect.any(Number) as number;
  expect(messages).toEqual([
    { gate: 'shop', type: 'held', flight: null, waitedMs, held: 1, code: null }, // it starts the flight
    { gate: 'shop', type: 'admitted', flight: expect.any(Number), waitedMs, held: 0, code: null },
  ]);
  expect(messages[1]?.waitedMs).toBeGreaterThanOrEqual(messages[0]?.waitedMs ?? NaN);
});

test('P2: a denial is told with its code', async () => {
  const messages = listenToRequests();
  warnings();
  const { port, gate, boot } = await setUp({ maxWaiting: 1, cooldownMs: 60_000 });
  const first = send(port);
  await held(gate, 1);
  await send(port);
  boot.reject(new Error('no'));
  await first;
  await send(port);
  expect(told(messages)).toEqual([
    'held',
    ['denied', 'ERR_GATE_QUEUE_FULL'],
    ['denied', 'ERR_GATE_BOOTSTRAP_FAILED'],
    ['denied', 'ERR_GATE_BOOTSTRAP_FAILED'],
  ]);
});

test('P2: how long it waited is told only of a request that was held, with the flight, and how many still are', async () => {
  const messages = listenToRequests();
  warnings();
  const { port, gate, boot } = await setUp({ maxWaiting: 1, exempt: ['/open'], cooldownMs: 60_000 });
  const first = send(port);
  await held(gate, 1);
  await send(port);
  await send(port, { path: '/open' });
  boot.reject(new Error('no'));
  await first;
  const flight = messages.at(-1)?.flight;
  const waitedMs = expect.any(Number) as number;
  expect(flight).toEqual(expect.any(Number));
  expect(messages.map(({ type, flight, waitedMs, held }) => ({ type, flight, waitedMs, held }))).toEqual([
    { type: 'held', flight: null, waitedMs, held: 1 },
    { type: 'denied', flight, waitedMs: null, held: 1 },
    { type: 'admitted', flight, waitedMs: null, held: 1 },
    { type: 'denied', flight, waitedMs, held: 0 },
  ]);
});

test.each(['admitted', 'denied', 'gone'])(
  'P2: a held request that is %s is told so in its own context',
  async (end) => {
    warnings();
    const requests = new AsyncLocalStorage<string>();
    const boot = deferred();
    const guarded = bootstrapGate((_req, res) => res.end('ok'), { bootstrap: () => boot.promise });
    const port = await listen(createServer((req, res) => requests.run(req.url ?? '', () => guarded(req, res))));
    const told: string[] = [];
    const note = (message: unknown): void => void told.push(`${(message as Message).type} ${requests.getStore()}`);
    subscribe('bootstrap-gate.request', note);
    atEnd(() => unsubscribe('bootstrap-gate.request', note));

    const clients = await Promise.all(
      ['/a', '/b'].map((path) => dial(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)),
    );
    await held(guarded.gate, 2);
    if (end === 'admitted') boot.resolve();
    else if (end === 'denied') boot.reject(new Error('no'));
    else for (const { socket } of clients) socket.resetAndDestroy();
    await until(() => told.length === 4);
    expect(told.sort()).toEqual([`${end} /a`, `${end} /b`, 'held /a', 'held /b'].sort());
  },
);

test('P2, A7: a client that leaves is told as gone', async () => {
  const messages = listenToRequests();
  const { port, gate } = await setUp();
  const client = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await held(gate, 1);
  client.socket.resetAndDestroy();
  await held(gate, 0);
  expect(told(messages)).toEqual(['held', 'gone']);
});

test('P2, F1: a pilot is told as one', async () => {
  const messages = listenToRequests();
  const handler = bootstrapGate((_req, res) => res.end('ok'), { name: 'first' });
  await send(await listen(createServer(handler)));
  expect(messages).toMatchObject([{ gate: 'first', type: 'pilot', code: null }]);
});

test('P2: upgrades are told like requests', async () => {
  const messages = listenToRequests();
  const boot = deferred();
  const server = createServer();
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  server.on('upgrade', (_req, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const client = await dial(
    await listen(server),
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n',
  );
  await held(gate, 1);
  boot.resolve();
  await client.ended;
  expect(told(messages)).toEqual(['held', 'admitted']);
});

test('P1, P2: what is counted in the report is told: exempt requests and waiting pages too', async () => {
  const messages = listenToRequests();
  const own = deferred();
  const { gate, port } = await setUp({ bootstrap: () => own.promise, exempt: ['/open'], waitingPage: true });
  await send(port, { path: '/open' });
  await send(port, { path: '/page', headers: { Accept: 'text/html' } });
  own.resolve();
  await gate.ensureReady();
  const { admitted, denied } = gate.report();
  expect([admitted, denied]).toEqual([1, 1]);
  expect(messages.filter(({ type }) => type === 'admitted')).toHaveLength(1);
  expect(messages.filter(({ type }) => type === 'denied')).toHaveLength(1);
});
