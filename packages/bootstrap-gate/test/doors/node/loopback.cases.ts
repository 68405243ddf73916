import '../../small-heap/runner.js';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createDoor, nodeTransport } from '../../../src/adapter.js';
import { type Boot, createGate, type GateError } from '../../../src/index.js';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { certificate } from './support/certificate.js';
import { listen, type Reply, send } from './support/network.js';
import { secureWays, throughAgent, warmAgent, ways } from './support/own-requests.js';
import { deferred, held, warnings } from './support/waiting.js';

interface Program {
  readonly step: (port: number, boot: Boot) => Promise<unknown>;
  readonly options?: object;
  readonly create?: typeof createServer;
}

/** A server whose bootstrap calls it. Its options cannot know the port before it listens. */
async function setUp({ step, options = {}, create = createServer }: Program) {
  const served: string[] = [];
  let port = 0;
  const handler = bootstrapGate(
    (req, res) => {
      served.push(req.url ?? '');
      res.end('served');
    },
    { name: 'shop', bootstrap: (boot: Boot) => boot.step('warm-up', () => step(port, boot)), ...options },
  );
  port = await listen(create(handler));
  return { gate: handler.gate, port, served };
}

const only = (seen: { code: string; message: string }[]) => seen.filter(({ code }) => code === 'GATE_LOOPBACK');

test.each(Object.entries(ways))(
  'D5: a request of the bootstrap to its own server is denied: %s',
  async (_name, way) => {
    const seen = warnings();
    const { gate, served } = await setUp({ step: (port) => way(port, '/cache?x=1') });
    expect(await gate.ensureReady()).toBe(503);
    expect(served).toEqual([]);
    expect(only(seen)).toHaveLength(1);
    expect(only(seen)[0]?.message).toMatch(/step "warm-up" of gate "shop".*(GET|POST) \/cache\?x=1/s);
  },
);

test.each(Object.keys(throughAgent(null as never)))(
  'D5: it is denied on a connection from before: %s',
  async (name) => {
    warnings();
    const step = async (port: number): Promise<number> => throughAgent(await agentOf(port))[name]?.(port, '/own') ?? 0;
    const agents = new Map<number, ReturnType<typeof warmAgent>>();
    const agentOf = (port: number) => agents.get(port) as ReturnType<typeof warmAgent>;
    const { gate, port } = await setUp({ step, options: { exempt: ['/open'] } });
    agents.set(port, warmAgent(port, '/open'));
    await agents.get(port);
    expect(await gate.ensureReady({ timeoutMs: 3_000 })).toBe(503);
  },
);

test('D5: it is denied where the server listens on all addresses', async () => {
  const seen = warnings();
  const server = createServer();
  const port = await listen(server, null);
  const gate = gateServer(server, {
    bootstrap: () => Promise.all([ways['fetch']!(port, '/own'), ways['http.get']!(port, '/own')]),
  });
  expect(await gate.ensureReady()).toEqual([503, 503]);
  expect(only(seen)).toHaveLength(2);
});

test('N2: a bootstrap that asks for a page of its own server, as a browser would, gets the waiting page', async () => {
  warnings();
  const step = (port: number): Promise<Reply> => send(port, { path: '/own', headers: { Accept: 'text/html' } });
  const { gate } = await setUp({ step, options: { waitingPage: true } });
  const { status, headers, body } = (await gate.ensureReady()) as Reply;
  expect([status, headers['content-type'], headers['x-bootstrap-gate']]).toEqual([
    503,
    'text/html; charset=utf-8',
    'not-started',
  ]);
  expect(body).not.toContain('warm-up');
});

test.each(Object.entries(secureWays))('D5: it is denied over TLS: %s', async (_name, way) => {
  const seen = warnings();
  const create = ((listener: never) => createHttpsServer(certificate, listener)) as unknown as typeof createServer;
  const { gate } = await setUp({ create, step: (port) => way(port, '/own') });
  expect(await gate.ensureReady()).toBe(503);
  expect(only(seen)).toHaveLength(1);
});

test.each(['throw', 'warn', 'off'] as const)('D5: it is denied and reported with deadlock %j', async (deadlock) => {
  const seen = warnings();
  const { gate } = await setUp({ options: { deadlock }, step: (port) => ways['fetch']!(port, '/own') });
  expect(await gate.ensureReady()).toBe(503);
  expect(only(seen)).toHaveLength(1);
});

test('D5, N3: the response shows the code only, the operator is told step and URL', async () => {
  const seen = warnings();
  const { gate } = await setUp({
    step: async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/internal/report?id=7`);
      return { headers: [...response.headers], body: await response.text() };
    },
  });
  const answer = (await gate.ensureReady()) as { headers: unknown; body: string };
  expect(JSON.parse(answer.body)).toMatchObject({ status: 503, code: 'ERR_GATE_LOOPBACK' });
  expect(JSON.stringify(answer)).not.toMatch(/warm-up|shop|internal/);

  const { verdicts } = gate.report();
  expect(verdicts).toHaveLength(1);
  expect(verdicts[0]?.certainty).toBe('certain');
  const places = JSON.stringify(verdicts[0]?.cycle);
  expect(places).toContain('warm-up');
  expect(places).toContain('GET /internal/report?id=7');
  expect(verdicts[0]?.advice).toMatch(/\w/);
  expect(seen.map(({ code }) => code)).toEqual(['GATE_LOOPBACK']);
});

test('D5: with expose the response tells more', async () => {
  warnings();
  const { gate } = await setUp({
    options: { expose: true },
    step: async (port) => (await fetch(`http://127.0.0.1:${port}/own`)).text(),
  });
  expect(await gate.ensureReady()).toContain('warm-up');
});

test('D5: without steps the operator is told the gate', async () => {
  const seen = warnings();
  let port = 0;
  const handler = bootstrapGate(() => {}, { name: 'shop', bootstrap: () => ways['http.get']!(port, '/own') });
  port = await listen(createServer(handler));
  expect(await handler.gate.ensureReady()).toBe(503);
  expect(only(seen)[0]?.message).toMatch(/gate "shop".*GET \/own/s);
});

test('D5: the operator is told the request on one line, and then the cycle', async () => {
  const seen = warnings();
  const { gate } = await setUp({ step: (port) => ways['http.request with a body']!(port, '/own?id=7') });
  await gate.ensureReady();
  const [first, second] = (seen[0]?.message ?? '').split('\n');
  expect(first).toBe('step "warm-up" of gate "shop" sent a request (POST /own?id=7) to the server that waits for it:');
  expect(second).toBe('┌→ bootstrap of gate "shop"');
});

test('P1: a denied loopback is counted among the denied', async () => {
  warnings();
  const { gate } = await setUp({ step: (port) => ways['fetch']!(port, '/own') });
  await gate.ensureReady();
  expect(gate.report()).toMatchObject({ denied: 1, admitted: 0, held: 0 });
});

test('D5: an exempt path and a health path answer the bootstrap', async () => {
  const seen = warnings();
  const { gate, served } = await setUp({
    options: { exempt: ['/open'], health: true },
    step: (port) => Promise.all([ways['fetch']!(port, '/open'), ways['http.get']!(port, '/livez')]),
  });
  expect(await gate.ensureReady()).toEqual([200, 200]);
  expect(served).toEqual(['/open']);
  expect(only(seen)).toEqual([]);
});

test('D5: gateServer recognises it too, as request and as upgrade', async () => {
  const seen = warnings();
  const server = createServer();
  const upgrade = { Connection: 'Upgrade', Upgrade: 'chat' };
  const gate = gateServer(server, {
    bootstrap: async () => [
      await ways['fetch']!(port, '/own'),
      (await send(port, { path: '/socket', headers: upgrade })).status,
    ],
  });
  const port = await listen(server);
  expect(await gate.ensureReady()).toEqual([503, 503]);
  expect(only(seen)).toHaveLength(2);
});

test.each(['fetch', 'http.get', 'http.request with a body'])(
  'D5: a request that an eager bootstrap sends before its door is made is denied: %s',
  async (name) => {
    warnings();
    const server = createServer();
    const port = await listen(server);
    const handler = bootstrapGate(() => {}, { eager: true, bootstrap: () => ways[name]!(port, '/own') });
    server.on('request', handler);
    expect(await handler.gate.ensureReady({ timeoutMs: 3_000 })).toBe(503);
  },
);

test('D5, D2: what the bootstrap has detached may wait for its own server', async () => {
  const seen = warnings();
  const own = deferred<number>();
  const { gate } = await setUp({
    step: (port, boot) => {
      boot.detach(async () => own.resolve(await ways['fetch']!(port, '/detached')));
      return held(gate, 2); // the caller of ensureReady, and the detached request
    },
  });
  await gate.ensureReady();
  expect(await own.promise).toBe(200);
  expect(only(seen)).toEqual([]);
});

test('D5: a request to another gated server that calls back here is not a loopback of the first hop', async () => {
  const seen = warnings();
  const other = createServer((_req, res) => res.end('other'));
  const otherPort = await listen(other);
  const { gate } = await setUp({ step: () => ways['fetch']!(otherPort, '/') });
  expect(await gate.ensureReady()).toBe(200);
  expect(only(seen)).toEqual([]);
});

test('N2, D5: what the bootstrap gets is told as "The application cannot call itself while it starts"', async () => {
  warnings();
  const { gate } = await setUp({ step: (port) => send(port) });
  const reply = gate.ensureReady().then((value) => value as unknown as Reply);
  const { status, headers, body } = await reply;
  const code = 'ERR_GATE_LOOPBACK';
  const title = 'The application cannot call itself while it starts';
  expect([status, headers['content-type']]).toEqual([503, 'application/problem+json']);
  expect(body).toBe(`${JSON.stringify({ type: `urn:bootstrap-gate:${code}`, title, status, code })}\n`);
  expect(gate.report().denied).toBe(1);
});

test('D5: a forwarded loopback carries its verdict', async () => {
  const seen = warnings();
  const gate = createGate({ bootstrap: () => send(port) });
  const forwarded: GateError[] = [];
  const transport = nodeTransport<IncomingMessage, ServerResponse>({
    request: (req) => req,
    response: (_req, res) => res,
    proceed: (_application, _req, res) => res.end('served'),
    forward(error, _req, res) {
      forwarded.push(error);
      res.writeHead(500).end('own');
    },
  });
  const door = createDoor('adapter', { gate, onDenied: 'forward' }, transport);
  const port = await listen(createServer((req, res) => void door.receive(req, res, undefined)));
  await gate.ensureReady();
  expect(forwarded).toMatchObject([{ code: 'ERR_GATE_LOOPBACK', verdict: { certainty: 'certain' } }]);
  expect(seen.map(({ code }) => code)).toEqual(['GATE_LOOPBACK']);
});
