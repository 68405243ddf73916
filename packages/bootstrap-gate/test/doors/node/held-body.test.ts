import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, request, type RequestListener } from 'node:http';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { atEnd, listen, send } from './support/network.js';
import { deferred, held } from './support/waiting.js';
import { never } from './support/never.js';

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const payload = randomBytes(5 * 1024 * 1024);

const readAll = async (req: IncomingMessage): Promise<Buffer> => Buffer.concat((await req.toArray()) as Buffer[]);
const summing: RequestListener = (req, res) => {
  void readAll(req).then((body) => res.end(`${req.method} ${body.length} ${digest(body)}`));
};

const doors = [
  [
    'bootstrapGate',
    (listener: RequestListener, bootstrap: () => Promise<void>) => {
      const gated = bootstrapGate(listener, { bootstrap });
      return { server: createServer(gated), gate: gated.gate };
    },
  ],
  [
    'gateServer',
    (listener: RequestListener, bootstrap: () => Promise<void>) => {
      const server = createServer(listener);
      return { server, gate: gateServer(server, { bootstrap }) };
    },
  ],
] as const;

describe.each(doors)('%s', (_name, put) => {
  test.each([['content-length'], ['transfer-encoding']])(
    'H1: five held megabytes arrive byte for byte, with %s',
    async (form) => {
      const boot = deferred();
      const { server, gate } = put(summing, () => boot.promise);
      const port = await listen(server);
      const headers =
        form === 'content-length' ? { 'Content-Length': payload.length } : { 'Transfer-Encoding': 'chunked' };
      const replies = [1, 2].map(() => send(port, { method: 'POST', headers, body: payload }));
      await held(gate, 2);
      boot.resolve();
      for (const { body } of await Promise.all(replies)) expect(body).toBe(`POST ${payload.length} ${digest(payload)}`);
    },
  );

  test('H1: an upload that is slower than the bootstrap arrives whole', async () => {
    const boot = deferred();
    const { server, gate } = put(summing, () => boot.promise);
    const port = await listen(server);
    const upload = request({ port, host: '127.0.0.1', method: 'PUT', agent: false });
    atEnd(() => upload.destroy());
    const reply = new Promise<string>((resolve, reject) => {
      upload.on('error', reject);
      upload.on('response', (response) => void response.toArray().then((parts) => resolve(parts.join(''))));
    });
    upload.write('one ');
    await held(gate, 1);
    upload.write('two ');
    boot.resolve();
    await gate.ensureReady();
    upload.write('three ');
    upload.end('four');
    expect(await reply).toBe(`PUT 18 ${digest(Buffer.from('one two three four'))}`);
  });
});

test('H1: a body that was read before the gate is still there for the application, and its client is not taken for gone', async () => {
  const boot = deferred();
  const bodies = new WeakMap<IncomingMessage, string>();
  const gated = bootstrapGate((req, res) => res.end(`parsed ${bodies.get(req)}`), { bootstrap: () => boot.promise });
  const { gate } = gated;
  const server = createServer((req, res) => {
    void readAll(req).then((body) => {
      bodies.set(req, body.toString());
      void gated(req, res);
    });
  });
  const reply = send(await listen(server), { method: 'POST', body: 'before the gate' });
  await held(gate, 1);
  boot.resolve();
  expect((await reply).body).toBe('parsed before the gate');
});

test('H3, A7: a client that leaves after its body was read before the gate frees its place', async () => {
  const served = jest.fn();
  const gated = bootstrapGate(served, { bootstrap: never });
  const server = createServer((req, res) => void readAll(req).then(() => gated(req, res)));
  const upload = request({ port: await listen(server), host: '127.0.0.1', method: 'POST', agent: false });
  upload.on('error', () => {});
  upload.end('all of it');
  await held(gated.gate, 1);
  upload.destroy();
  await held(gated.gate, 0);
  expect(served).not.toHaveBeenCalled();
});

test('N1, H1: of a denied upload nothing reaches the application', async () => {
  const served = jest.fn();
  const gated = bootstrapGate(served, { bootstrap: never, maxWaiting: 0 });
  const reply = await send(await listen(createServer(gated)), { method: 'POST', body: 'small' });
  expect(reply.status).toBe(503);
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'ERR_GATE_QUEUE_FULL' });
  expect(served).not.toHaveBeenCalled();
  expect(gated.gate.state).toBe('booting');
});
