import '../../small-heap/runner.js';
import { AsyncResource } from 'node:async_hooks';
import { Agent, createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Boot } from '../../../src/index.js';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { atEnd, dial, listen, send } from './support/network.js';
import { streamed } from './support/own-requests.js';
import { deferred, held, warnings } from './support/waiting.js';

/** A server whose bootstrap calls it once, and then waits for the test. */
async function setUp(own: (port: number) => Promise<unknown>, options: object = {}) {
  const called = deferred<unknown>();
  const boot = deferred();
  let port = 0;
  const bootstrap = (start: Boot): Promise<void> =>
    start.step('warm-up', async () => {
      called.resolve(await own(port));
      await boot.promise;
    });
  const handler = bootstrapGate((_req, res) => res.end('served'), { bootstrap, ...options });
  port = await listen(createServer(handler));
  return { port, gate: handler.gate, called: called.promise, boot };
}

const fetchOwn = async (port: number): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}/own`);
  await response.text();
  return response.status;
};
const loopbacks = (seen: { code: string }[]): number => seen.filter(({ code }) => code === 'GATE_LOOPBACK').length;

test('D5: the mark ends with its request: the next request on the same kept connection is held', async () => {
  const seen = warnings();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const { port, gate, called, boot } = await setUp((port) => send(port, { agent, path: '/own' }));
  void gate.ensureReady();
  expect(await called).toMatchObject({ status: 503 });

  const connections = Object.values(agent.freeSockets).flat().length;
  const other = send(port, { agent, path: '/other' });
  await held(gate, 2);
  expect(connections).toBe(1);
  boot.resolve();
  expect(await other).toMatchObject({ status: 200, body: 'served' });
  expect(loopbacks(seen)).toBe(1);
});

test('D5: so is one whose body is streamed, of which Node tells late', async () => {
  const seen = warnings();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const { port, gate, called, boot } = await setUp((port) => send(port, { agent, path: '/own' }));
  void gate.ensureReady();
  await called;
  const other = streamed(agent)(port, '/other');
  await held(gate, 2);
  boot.resolve();
  expect(await other).toBe(200);
  expect(loopbacks(seen)).toBe(1);
});

test('D5: the mark of a fetch ends too, whoever gets its connection next', async () => {
  const seen = warnings();
  const { port, gate, called, boot } = await setUp(fetchOwn);
  void gate.ensureReady();
  expect(await called).toBe(503);
  const others = [fetchOwn(port), fetchOwn(port)];
  await held(gate, 3);
  boot.resolve();
  expect(await Promise.all(others)).toEqual([200, 200]);
  expect(loopbacks(seen)).toBe(1);
});

test('D5: requests that were sent before the bootstrap began are held, through whatever agent', async () => {
  const seen = warnings();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const { port, gate, boot } = await setUp(() => Promise.resolve());
  const [early, queued] = [send(port, { agent, path: '/1' }), send(port, { agent, path: '/2' })];
  await held(gate, 1);
  boot.resolve();
  expect([(await early).status, (await queued).status]).toEqual([200, 200]);
  expect(loopbacks(seen)).toBe(0);
});

test('D5: a request of the bootstrap that queues for a connection is recognised, its forerunner is not accused', async () => {
  const seen = warnings();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const release = deferred();
  let port = 0;
  const handler = bootstrapGate((_req, res) => void release.promise.then(() => res.end('slow')), {
    exempt: ['/slow'],
    bootstrap: () => send(port, { agent, path: '/own' }).then(({ status }) => status),
  });
  port = await listen(createServer(handler));
  const slow = send(port, { agent, path: '/slow' });
  const ready = handler.gate.ensureReady();
  release.resolve();
  expect((await slow).body).toBe('slow');
  expect(await ready).toBe(503);
  expect(loopbacks(seen)).toBe(1);
});

test('D5: an outsider on the same machine is held while the bootstrap calls its own server again and again', async () => {
  const seen = warnings();
  const { port, gate, called, boot } = await setUp(async (port) => {
    for (let i = 0; i < 4; i++) await fetchOwn(port); // each takes a proof
  });
  const outsiders = Array.from({ length: 10 }, () => send(port, { path: '/outside' }));
  const raw = await dial(port, 'GET /raw HTTP/1.1\r\nHost: x\r\n\r\nGET /raw HTTP/1.1\r\nHost: x\r\n\r\n');
  await called;
  await held(gate, 12);
  boot.resolve();
  expect((await Promise.all(outsiders)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  await raw.until('served');
  expect(loopbacks(seen)).toBe(4);
});

test('D5: an outsider who takes over the port number of a finished own request is held', async () => {
  const seen = warnings();
  const ports: (number | undefined)[] = [];
  let port = 0;
  const handler = bootstrapGate((_req, res) => res.end('served'), {
    bootstrap: async (): Promise<{ status: number; taken: boolean }> => {
      const { status } = await send(port, { path: '/own', headers: { Connection: 'close' } });
      const [localPort = 0] = ports;
      const outsider = dial(port, 'GET /outside HTTP/1.1\r\nHost: x\r\n\r\n', () =>
        outside.runInAsyncScope(() => connect({ port, host: '127.0.0.1', localPort })),
      );
      // Where the system does not give the number away again so soon, nothing can be mistaken.
      const taken = await outsider.then(
        () => held(handler.gate, 2).then(() => true),
        () => false,
      );
      return { status, taken };
    },
  });
  const outside = new AsyncResource('outside');
  const server = createServer(handler);
  server.on('connection', ({ remotePort }: Socket) => ports.push(remotePort));
  port = await listen(server);
  const { status, taken } = await handler.gate.ensureReady();
  expect(status).toBe(503);
  expect(ports).toEqual(taken ? [ports[0], ports[0]] : [ports[0]]);
  expect(loopbacks(seen)).toBe(1);
});

test('D5, D2: a request that a request of this process sends during the bootstrap is held like any other', async () => {
  const seen = warnings();
  const { port, gate, boot } = await setUp(() => Promise.resolve());
  const front = createServer((_req, res) => void fetchOwn(port).then((status) => res.end(String(status))));
  const through = send(await listen(front));
  await held(gate, 1);
  boot.resolve();
  expect((await through).body).toBe('200');
  expect(loopbacks(seen)).toBe(0);
});
