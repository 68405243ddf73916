/** What exactly a denied client is told, and who counts as a person's browser. */
import { createServer } from 'node:http';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { atEnd, listen, type Reply, send, type Send } from '../doors/node/support/network.js';
import { never } from '../doors/node/support/never.js';
import { held, until, warnings } from '../doors/node/support/waiting.js';

async function setUp(options: object = {}) {
  const listener = bootstrapGate((_req, res) => res.end('served'), { bootstrap: never, ...options });
  atEnd(() => void listener.gate.close());
  const port = await listen(createServer(listener));
  return { port, gate: listener.gate, ask: (more: Send = {}) => send(port, more) };
}

type Ask = () => Promise<Reply>;

/** By code: its title, and how a request comes by it. */
const denials: [code: string, title: string, denied: Ask][] = [
  [
    'ERR_GATE_BOOTSTRAP_FAILED',
    'The application could not start',
    async () => (await setUp({ bootstrap: () => Promise.reject(new Error('no database')) })).ask(),
  ],
  [
    'ERR_GATE_BOOTSTRAP_TIMEOUT',
    'The application could not start in time',
    async () => (await setUp({ bootTimeoutMs: 1 })).ask(),
  ],
  ['ERR_GATE_WAIT_TIMEOUT', 'The application is still starting', async () => (await setUp({ waitTimeoutMs: 1 })).ask()],
  [
    'ERR_GATE_QUEUE_FULL',
    'Too many requests wait for the application to start',
    async () => (await setUp({ maxWaiting: 0 })).ask(),
  ],
  [
    'ERR_GATE_CLOSED',
    'The application is shutting down',
    async () => {
      const { gate, ask } = await setUp();
      void gate.close();
      return await ask();
    },
  ],
  [
    'ERR_GATE_NOT_READY',
    'The application is not ready',
    async () => {
      const { gate, ask } = await setUp();
      const reply = ask();
      await held(gate, 1);
      void gate.reset();
      return await reply;
    },
  ],
];

test.each(denials)('N2: %s is told as "%s"', async (code, title, denied) => {
  warnings();
  const { status, headers, body } = await denied();
  expect([status, headers['content-type']]).toEqual([503, 'application/problem+json']);
  expect(body).toBe(`${JSON.stringify({ type: `urn:bootstrap-gate:${code}`, title, status, code })}\n`);
});

test('N3: with expose the message of the error is told as well', async () => {
  warnings();
  const { ask } = await setUp({ bootstrap: () => Promise.reject(new Error('no database')), expose: true });
  expect(JSON.parse((await ask()).body)).toMatchObject({ detail: expect.stringContaining('no database') as string });
});

test('N1: without a cooldown and without a history Retry-After is one second', async () => {
  expect((await (await setUp({ maxWaiting: 0 })).ask()).headers['retry-after']).toBe('1');
});

const navigate = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };

test.each<[Send, isPage: boolean]>([
  [{ headers: navigate }, true],
  [{ headers: { ...navigate, Accept: '*/*' } }, true],
  [{ headers: { ...navigate, 'Sec-Fetch-Dest': 'iframe', Accept: 'text/html' } }, false],
  [{ headers: { ...navigate, 'Sec-Fetch-Mode': 'cors', Accept: 'text/html' } }, false],
  [{ headers: { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' } }, false],
  [{ headers: { 'Sec-Fetch-Dest': 'document', Accept: 'text/html' } }, false],
  [{ headers: { Accept: 'text/html' } }, true],
  [{ headers: { Accept: ' \t text/html,*/*;q=0.8' } }, true],
  [{ headers: { Accept: 'TEXT/HTML' } }, true],
  [{ headers: { Accept: 'text/html5' } }, false],
  [{ headers: { Accept: '*/*, text/html' } }, false],
  [{ headers: { Accept: 'x text/html' } }, false],
  [{ headers: { Accept: 'context/html' } }, false],
  [{ headers: {} }, false],
  [{ headers: navigate, method: 'POST' }, false],
  [{ headers: { Accept: 'text/html' }, method: 'PUT' }, false],
])('N2: whether %j gets the page: %s', async (asked, isPage) => {
  const { ask } = await setUp({ waitingPage: true, maxWaiting: 0 });
  const { headers } = await ask(asked);
  expect(headers['content-type']).toBe(isPage ? 'text/html; charset=utf-8' : 'application/problem+json');
});

test('N2: HEAD is a navigation like GET, and gets the head of the page alone', async () => {
  const { ask } = await setUp({ waitingPage: true, maxWaiting: 0 });
  const { status, headers, body } = await ask({ method: 'HEAD', headers: navigate });
  expect([status, headers['content-type'], body]).toEqual([503, 'text/html; charset=utf-8', '']);
  expect(Number(headers['content-length'])).toBeGreaterThan(1_000);
});

test('N2: a page that is denied still starts the bootstrap', async () => {
  const { gate, ask } = await setUp({ waitingPage: true });
  expect(gate.state).toBe('idle');
  await ask({ headers: navigate });
  await until(() => gate.state === 'booting');
});
