import { Agent, createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { certificate } from './support/certificate.js';
import { atEnd, listen, send } from './support/network.js';
import { secureWays, throughAgent, ways } from './support/own-requests.js';
import { deferred, held } from './support/waiting.js';

type Handler = (req: IncomingMessage, port: number) => Promise<string>;

/** A gate in first-request mode in front of a handler that may call its own server. */
async function setUp(handle: Handler, { tls = false, ...options }: { tls?: boolean; exempt?: string[] } = {}) {
  let port = 0;
  const served: string[] = [];
  const handler = bootstrapGate((req, res) => {
    served.push(req.url ?? '');
    void handle(req, port).then((text) => res.end(text));
  }, options);
  port = await listen(tls ? createHttpsServer(certificate, handler) : createServer(handler));
  return { port, served, gate: handler.gate };
}

test.each(Object.entries(ways))("F4: the pilot's own request passes while others are held: %s", async (_name, way) => {
  const outside = deferred();
  const { port, served, gate } = await setUp(async (req, port) => {
    if (req.url !== '/pilot') return 'inner';
    await outside.promise;
    return `inner ${await way(port, '/inner')}`;
  });
  const pilot = send(port, { path: '/pilot' });
  const other = (async () => {
    while (gate.state !== 'booting') await new Promise(setImmediate);
    return send(port, { path: '/other' });
  })();
  await held(gate, 1);
  outside.resolve();
  expect((await pilot).body).toBe('inner 200');
  expect((await other).status).toBe(200);
  expect(served).toEqual(['/pilot', '/inner', '/other']);
});

test("F4: the pilot's own requests pass to a depth of three, by fetch and http in turn", async () => {
  const { port, served, gate } = await setUp(async (req, port) => {
    const depth = Number(req.url?.slice(1));
    if (depth === 3) return 'bottom';
    if (depth % 2) return (await send(port, { path: `/${depth + 1}`, method: 'POST', body: 'x' })).body;
    return (await fetch(`http://127.0.0.1:${port}/${depth + 1}`)).text();
  });
  expect((await send(port, { path: '/0' })).body).toBe('bottom');
  expect(served).toEqual(['/0', '/1', '/2', '/3']);
  await gate.ensureReady();
});

test.each(Object.keys(throughAgent(null as never)))(
  "F4: the pilot's own request passes on a connection from before: %s",
  async (name) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    atEnd(() => agent.destroy());
    const { port } = await setUp(
      async (req, port) => (req.url === '/pilot' ? String(await throughAgent(agent)[name]?.(port, '/inner')) : 'inner'),
      { exempt: ['/open'] },
    );
    await send(port, { agent, path: '/open' });
    expect((await send(port, { path: '/pilot' })).body).toBe('200');
  },
);

test.each(Object.entries(secureWays))("F4: the pilot's own request passes over TLS: %s", async (_name, way) => {
  const { port } = await setUp(
    async (req, port) => (req.url === '/pilot' ? String(await way(port, '/inner')) : 'inner'),
    { tls: true },
  );
  expect((await send(port, { tls: true, path: '/pilot' })).body).toBe('200');
});

test("F4: ensureReady in the pilot's own handler returns at once", async () => {
  const server = createServer((_req, res) => void gate.ensureReady().then((value) => res.end(String(value))));
  const gate = gateServer(server);
  expect((await send(await listen(server))).body).toBe('undefined');
});

test("F4: the next user of the pilot's connection is held", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const innerDone = deferred();
  const finish = deferred();
  const { port, served, gate } = await setUp(async (req, port) => {
    if (req.url !== '/pilot') return 'served';
    await send(port, { agent, path: '/inner' });
    innerDone.resolve();
    await finish.promise;
    return 'pilot';
  });
  const pilot = send(port, { path: '/pilot' });
  await innerDone.promise;
  const next = send(port, { agent, path: '/next' });
  await held(gate, 1);
  expect(served).toEqual(['/pilot', '/inner']);
  finish.resolve();
  expect((await pilot).body).toBe('pilot');
  expect((await next).body).toBe('served');
});

test('F4: once a failed pilot has been answered, what it still sends waits like the requests of others', async () => {
  const pilotGone = deferred();
  const late = deferred<number>();
  let port = 0;
  const pilots: string[] = [];
  const handler = bootstrapGate((req, res) => {
    pilots.push(req.url ?? '');
    if (req.url === '/pilot') {
      res.writeHead(500).end();
      void pilotGone.promise.then(() => ways['http.get']!(port, '/late')).then(late.resolve);
    } else void finish.promise.then(() => res.end());
  });
  const finish = deferred();
  port = await listen(createServer(handler));
  expect((await send(port, { path: '/pilot' })).status).toBe(500);
  const second = send(port, { path: '/second' });
  while (!pilots.includes('/second')) await new Promise(setImmediate);
  pilotGone.resolve();
  await held(handler.gate, 1);
  expect(pilots).toEqual(['/pilot', '/second']);
  finish.resolve();
  expect((await second).status).toBe(200);
  expect(await late.promise).toBe(200);
});
