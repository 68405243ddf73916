import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { bootstrapGate, gateServer, type Http2Listener } from '../../../src/doors/node/index.js';
import { certificate } from './support/certificate.js';
import { atEnd, listen, send } from './support/network.js';
import { deferred, held } from './support/waiting.js';

async function session(server: Http2Server | Http2SecureServer, scheme = 'http'): Promise<ClientHttp2Session> {
  const client = connect(`${scheme}://127.0.0.1:${await listen(server)}`, { rejectUnauthorized: false });
  atEnd(() => client.destroy());
  client.on('error', () => {});
  await once(client, 'connect');
  return client;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

async function answer(stream: ClientHttp2Stream): Promise<Answer> {
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    stream.on('response', resolve);
    stream.on('close', () => reject(new Error('the stream closed without an answer')));
  });
  const body = (await stream.setEncoding('utf8').toArray()).join('');
  return { status: Number(headers[':status']), headers, body };
}

function ask(client: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<Answer> {
  const stream = client.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answer(stream);
}

const doors = [
  [
    'bootstrapGate',
    (bootstrap: () => Promise<void>, options: object) => {
      const listener: Http2Listener = (req, res) => res.end(`served ${req.url}`);
      const gated = bootstrapGate(listener, { bootstrap, ...options });
      return { server: createServer(gated), gate: gated.gate };
    },
  ],
  [
    'gateServer',
    (bootstrap: () => Promise<void>, options: object) => {
      const server = createServer((req, res) => res.end(`served ${req.url}`));
      return { server, gate: gateServer(server, { bootstrap, ...options }) };
    },
  ],
] as const;

describe.each(doors)('%s over HTTP/2', (_name, put) => {
  const setUp = async (options: object = {}) => {
    const boot = deferred();
    const { server, gate } = put(() => boot.promise, options);
    return { boot, gate, server, client: await session(server) };
  };

  test('H6: streams are held and served', async () => {
    const { boot, gate, client } = await setUp();
    const answers = ['/a', '/b'].map((path) => ask(client, { ':path': path }));
    await held(gate, 2);
    boot.resolve();
    expect((await Promise.all(answers)).map(({ status, body }) => [status, body])).toEqual([
      [200, 'served /a'],
      [200, 'served /b'],
    ]);
  });

  test('H2: streams of one session take a quarter of the places', async () => {
    const { boot, gate, client } = await setUp({ maxWaiting: 8 });
    const kept = [1, 2].map(() => ask(client, { ':path': '/kept' }));
    await held(gate, 2);
    const denied = await ask(client, { ':path': '/denied' });
    expect(denied.status).toBe(503);
    expect(JSON.parse(denied.body)).toMatchObject({ code: 'ERR_GATE_QUEUE_FULL' });
    expect(denied.headers).toMatchObject({ 'retry-after': '1', 'x-bootstrap-gate': 'not-started' });
    boot.resolve();
    expect((await Promise.all(kept)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test('H3: a stream that its client cancels frees its place, the others stay', async () => {
    const { boot, gate, client } = await setUp();
    const stream = client.request({ ':path': '/cancelled' });
    stream.on('error', () => {});
    const kept = ask(client, { ':path': '/kept' });
    await held(gate, 2);
    stream.close(constants.NGHTTP2_CANCEL);
    await held(gate, 1);
    boot.resolve();
    expect((await kept).body).toBe('served /kept');
    expect(gate.report().admitted).toBe(1);
  });

  test('H3: a session that breaks frees the places of all its streams', async () => {
    const { boot, gate, client } = await setUp();
    for (const path of ['/1', '/2', '/3']) client.request({ ':path': path }).on('error', () => {});
    await held(gate, 3);
    client.destroy();
    await held(gate, 0);
    boot.resolve();
    await gate.ensureReady();
    expect(gate.report()).toMatchObject({ admitted: 0, denied: 0, held: 0 });
  });

  test('H7: after close the held streams are denied, and the server closes when its session has ended', async () => {
    const { boot, gate, server, client } = await setUp();
    const waiting = ask(client, { ':path': '/' });
    await held(gate, 1);
    const closed = gate.close();
    const serverClosed = new Promise((resolve) => server.close(resolve));
    const reply = await waiting;
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    expect(reply.headers.connection).toBeUndefined();
    client.close();
    await serverClosed;
    boot.resolve();
    await closed;
  });

  test('N2: a denied HEAD has no body', async () => {
    const { client } = await setUp({ maxWaiting: 0 });
    const reply = await ask(client, { ':path': '/', ':method': 'HEAD' });
    expect([reply.status, reply.body]).toEqual([503, '']);
  });
});

test('H5: over HTTP/2 no 100 Continue is sent before admission', async () => {
  const boot = deferred();
  const server = createServer((req, res) => {
    void req.toArray().then((parts) => res.end(`got ${Buffer.concat(parts as Buffer[]).toString()}`));
  });
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await session(server);
  const stream = client.request({ ':path': '/', ':method': 'POST', expect: '100-continue' });
  const told = jest.fn();
  stream.on('continue', told);
  await held(gate, 1);
  await new Promise((resolve) => client.ping(resolve));
  expect(told).not.toHaveBeenCalled();
  const continued = once(stream, 'continue');
  boot.resolve();
  await continued;
  stream.end('apple');
  expect((await answer(stream)).body).toBe('got apple');
});

test('H5: a CONNECT over HTTP/2 is answered like any stream, held or denied', async () => {
  const boot = deferred();
  const server = createServer(() => {});
  server.on('connect', (_req, res) => (res as unknown as { end(text: string): void }).end('tunnel'));
  const gate = gateServer(server, { bootstrap: () => boot.promise, maxWaiting: 1 });
  const client = await session(server);
  const options = { ':method': 'CONNECT', ':authority': 'example.org:80' };
  const waiting = answer(client.request(options));
  await held(gate, 1);
  const denied = await answer(client.request(options));
  expect(denied).toMatchObject({ status: 503, body: expect.stringMatching(/^\{"type":/) as unknown });
  boot.resolve();
  expect(await waiting).toMatchObject({ status: 200, body: 'tunnel' });
});

test('H5: a CONNECT over HTTP/2 that nobody takes at admission is answered with 405, as without the gate', async () => {
  const boot = deferred();
  const server = createServer(() => {});
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await session(server);
  const waiting = answer(client.request({ ':method': 'CONNECT', ':authority': 'example.org:80' }));
  await held(gate, 1);
  boot.resolve();
  expect((await waiting).status).toBe(405);
});

test('H6: a secure HTTP/2 server that allows HTTP/1 holds both', async () => {
  const boot = deferred();
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (req, res) =>
    res.end(`${req.httpVersion} ${req.url}`),
  );
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await session(server, 'https');
  const { port } = server.address() as { port: number };
  const second = ask(client, { ':path': '/two' });
  await held(gate, 1);
  const first = send(port, { tls: true, path: '/one' });
  await held(gate, 2);
  const headers = { Connection: 'Upgrade', Upgrade: 'h2c' };
  const untaken = send(port, { tls: true, path: '/untaken', method: 'POST', headers, body: 'body' });
  await held(gate, 3);
  boot.resolve();
  const bodies = await Promise.all([second, first, untaken]);
  expect(bodies.map(({ body }) => body)).toEqual(['2.0 /two', '1.1 /one', '1.1 /untaken']);
});

test('H5: streams outside the compatibility API are not held, and are answered once', async () => {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200 });
    stream.end('stream');
  });
  const gate = gateServer(server, { bootstrap: () => undefined });
  const client = await session(server);
  expect((await ask(client, { ':path': '/' })).body).toBe('stream');
  await gate.ensureReady();
  expect((await ask(client, { ':path': '/' })).body).toBe('stream');
});
