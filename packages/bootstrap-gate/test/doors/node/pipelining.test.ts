import { createServer } from 'node:http';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { dial, listen, responsesIn } from './support/network.js';
import { deferred, held, until, warnings } from './support/waiting.js';

const requests = (count: number): string =>
  Array.from({ length: count }, (_, i) => `GET /${i} HTTP/1.1\r\nHost: x\r\n\r\n`).join('');

async function setUp(options: object) {
  const boot = deferred();
  const served: string[] = [];
  const handler = bootstrapGate(
    (req, res) => {
      served.push(req.url ?? '');
      if (served.length % 2) res.end(req.url);
      else setImmediate(() => res.end(req.url)); // so that later ones are ready to answer first
    },
    { bootstrap: () => boot.promise, ...options },
  );
  return { port: await listen(createServer(handler)), gate: handler.gate, boot, served };
}

test('H6: a thousand pipelined requests are held, served once each and answered in order', async () => {
  const warned = warnings();
  const { port, gate, boot, served } = await setUp({ maxWaiting: 4_000 });
  const client = await dial(port, requests(1_000));
  await held(gate, 1_000);
  expect(served).toEqual([]);
  boot.resolve();
  await client.until('/999');

  const paths = Array.from({ length: 1_000 }, (_, i) => `/${i}`);
  expect(served).toEqual(paths);
  expect(responsesIn(client.received).map(({ status, body }) => `${status} ${body}`)).toEqual(
    paths.map((path) => `200 ${path}`),
  );
  expect(warned).toEqual([]);
});

test('H2: one connection takes a quarter of the places, rounded down, and at least one', async () => {
  for (const [maxWaiting, share] of [
    [1_000, 250],
    [7, 1],
    [1, 1],
  ] as const) {
    const { port, gate, boot, served } = await setUp({ maxWaiting });
    const client = await dial(port, requests(share + 3));
    await until(() => gate.report().denied === 3);
    expect(gate.waiting).toBe(share);
    boot.resolve();
    await until(() => responsesIn(client.received).length === share + 3);
    const responses = responsesIn(client.received);
    expect(responses.slice(0, share).map(({ status, body }) => [status, body])).toEqual(
      served.map((path) => [200, path]),
    );
    for (const { status, body } of responses.slice(share)) {
      expect([status, JSON.parse(body)]).toMatchObject([503, { code: 'ERR_GATE_QUEUE_FULL' }]);
    }
    expect(served).toHaveLength(share);
  }
});

test('H2, H6: beyond the share none of a thousand pipelined requests is lost, mixed up or served twice', async () => {
  const { port, gate, boot, served } = await setUp({ maxWaiting: 1_000 });
  const client = await dial(port, requests(1_000));
  await until(() => gate.waiting === 250 && gate.report().denied > 0);
  boot.resolve();
  await until(() => responsesIn(client.received).length === 1_000);
  const responses = responsesIn(client.received);
  const answers = responses.map(({ status, body }, i) => (status === 200 ? body : `denied ${i}`));
  expect(answers.filter((answer) => answer.startsWith('/'))).toEqual(served);
  expect(new Set(served).size).toBe(served.length);
  responses.forEach(({ status, body }, i) =>
    expect(status === 200 ? body : status).toBe(status === 200 ? `/${i}` : 503),
  );
});

test('H2: a share that is used up leaves the places of others alone', async () => {
  const { port, gate } = await setUp({ maxWaiting: 8 });
  await dial(port, requests(2));
  await held(gate, 2);
  await dial(port, requests(2));
  await held(gate, 4);
  expect(gate.report().denied).toBe(0);
});

test('H3, A7: pipelined requests whose client leaves give back all their places, before any time limit', async () => {
  const { port, gate, boot, served } = await setUp({ maxWaiting: 4_000 });
  const client = await dial(port, requests(500));
  await held(gate, 500);
  client.socket.resetAndDestroy();
  await held(gate, 0);
  expect(gate.report()).toMatchObject({ held: 0, denied: 0 });
  boot.resolve();
  await gate.ensureReady();
  expect(served).toEqual([]);
});

test('H3, A7: they do so too when the client only ends its side', async () => {
  const { port, gate, boot, served } = await setUp({ maxWaiting: 400 });
  const client = await dial(port, requests(100));
  await held(gate, 100);
  client.socket.end();
  await held(gate, 0);
  boot.resolve();
  await gate.ensureReady();
  expect(served).toEqual([]);
});

test('H3: a connection that broke in the middle of the release is not served any further', async () => {
  const { port, gate, boot, served } = await setUp({ maxWaiting: 4_000 });
  const client = await dial(port, requests(500));
  await held(gate, 500);
  boot.resolve();
  await client.until('/0');
  client.socket.resetAndDestroy();
  await held(gate, 0);
  expect(new Set(served).size).toBe(served.length);
  expect(gate.report().admitted).toBe(served.length);
});

test('H3: a pipelined request that somebody else answers while it is held gives back its place, and is not served', async () => {
  const answers: (() => void)[] = [];
  const boot = deferred();
  const served: string[] = [];
  const gated = bootstrapGate(
    (req, res) => {
      served.push(req.url ?? '');
      res.end(req.url);
    },
    { bootstrap: () => boot.promise },
  );
  const server = createServer((req, res) => {
    if (req.url !== '/2') answers.push(() => res.writeHead(504, { 'Content-Length': 8 }).end('too slow'));
    void gated(req, res);
  });
  const client = await dial(await listen(server), requests(3));
  await held(gated.gate, 3);
  for (const answer of answers) answer();
  await held(gated.gate, 1);
  boot.resolve();
  await client.until('/2');
  expect(served).toEqual(['/2']);
  expect(responsesIn(client.received).map(({ status }) => status)).toEqual([504, 504, 200]);
});
