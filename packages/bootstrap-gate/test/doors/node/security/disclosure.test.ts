import { createServer } from 'node:http';
import type { Boot } from '../../../../src/index.js';
import { gateServer } from '../../../../src/doors/node/index.js';
import { dial, listen } from '../support/network.js';
import { deferred, until, warnings } from '../support/waiting.js';

const questions = {
  plain: 'GET /a HTTP/1.1\r\n',
  navigation: 'GET /a HTTP/1.1\r\nAccept: text/html\r\n',
  poll: 'GET /a HTTP/1.1\r\nX-Bootstrap-Gate: poll\r\n',
  posted: 'POST /a HTTP/1.1\r\nContent-Length: 0\r\n',
  upgrade: 'GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
  connect: 'CONNECT a:1 HTTP/1.1\r\n',
  live: 'GET /livez HTTP/1.1\r\n',
  ready: 'GET /readyz HTTP/1.1\r\n',
  startup: 'GET /startupz HTTP/1.1\r\n',
};

/** A server that has told a lot by the time that it is asked. */
async function setUp(expose: boolean) {
  warnings();
  const fails = deferred();
  const bootstrap = async (boot: Boot): Promise<void> => {
    boot.progress(0.5, 'secret progress');
    const own = boot.step('secret step', async ({ progress }) => {
      progress(0.5, 'secret text');
      const answers = await Promise.all([
        fetch(`http://127.0.0.1:${port}/own`).then((own) => own.text()),
        fails.promise,
      ]);
      loopback = answers[0];
    });
    await own;
  };
  let loopback = '';
  const server = createServer((_req, res) => res.end('served')).on('connect', (_req, socket) => socket.end());
  const options = { name: 'secret gate', bootstrap, waitingPage: true, health: true, expose, cooldownMs: 3_600_000 };
  const gate = gateServer(server, { ...options, waitTimeoutMs: 1 });
  const port = await listen(server);
  const ask = async (head: string): Promise<string> => {
    const client = await dial(
      port,
      `${head}Host: x\r\n${head.includes('Connection') ? '' : 'Connection: close\r\n'}\r\n`,
    );
    return await client.ended;
  };
  return { gate, fails, ask, loopback: () => loopback };
}

type Told = Record<string, string>;

/** What is told in every state but that of an open gate, by state and question. */
async function everything(expose: boolean): Promise<Told> {
  const { gate, fails, ask, loopback } = await setUp(expose);
  const told: Told = {};
  const askAll = async (state: string): Promise<void> => {
    for (const [name, head] of Object.entries(questions)) told[`${state}: ${name}`] = await ask(head);
  };
  expect(gate.state).toBe('idle');
  for (const name of ['live', 'ready', 'startup'] as const) told[`idle: ${name}`] = await ask(questions[name]);
  gate.ensureReady().catch(() => {});
  await askAll('booting'); // held until the time limit, or answered at once
  fails.reject(new Error('secret cause'));
  await until(() => gate.state === 'failed');
  await askAll('failed');
  told.loopback = loopback();
  void gate.close();
  await askAll('closed');
  return told;
}

test('N3: without expose no state tells causes, steps, texts, names or places in any answer', async () => {
  for (const [question, answer] of Object.entries(await everything(false))) {
    expect([question, answer]).not.toEqual([
      question,
      expect.stringMatching(/secret|\.ts\b|node_modules|\bat .+:\d+/i),
    ]);
  }
});

test('N3, N4: with expose they are told, but for health answers and those of the application', async () => {
  const told = await everything(true);
  for (const question of [
    'booting: navigation',
    'booting: poll',
    'failed: plain',
    'failed: navigation',
    'failed: poll',
  ])
    expect([question, told[question]]).toEqual([question, expect.stringContaining('secret')]);
  for (const [question, answer] of Object.entries(told).filter(([question]) => /live|ready|startup/.test(question)))
    expect([question, answer.slice(answer.indexOf('\r\n\r\n') + 4)]).toEqual([
      question,
      expect.stringMatching(/^(not )?ok\n$/),
    ]);
});

test('N1, N2: no answer may be stored or read as another type, and the page may not be framed', async () => {
  for (const [question, answer] of Object.entries(await everything(true))) {
    if (question === 'loopback') continue;
    const [head = ''] = answer.split('\r\n\r\n');
    expect([question, head]).toEqual([question, expect.stringMatching(/^Cache-Control: no-store$/m)]);
    const guard = /^Content-Type: text\/html/m.test(head)
      ? /^Content-Security-Policy: .*frame-ancestors 'none'/m
      : /^Content-Type: text\/plain|^X-Content-Type-Options: nosniff$/m;
    expect([question, head]).toEqual([question, expect.stringMatching(guard)]);
  }
});
