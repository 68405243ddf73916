import { createServer } from 'node:http';
import { bootstrapGate, type Exemption } from '../../src/doors/node/index.js';
import { dial, listen, send } from '../doors/node/support/network.js';
import { deferred, held, warnings } from '../doors/node/support/waiting.js';

async function setUp(options: object) {
  const boot = deferred();
  const handler = bootstrapGate((req, res) => res.end(`served ${req.url}`), {
    bootstrap: () => boot.promise,
    name: 'shop',
    ...options,
  });
  return { port: await listen(createServer(handler)), gate: handler.gate, boot };
}

const never: [string, Exemption, string][] = [
  [
    'throws',
    () => {
      throw new Error('no such header');
    },
    'no such header',
  ],
  ['returns a promise', (() => Promise.resolve(true)) as never, 'promise'],
  ['returns a promise that rejects', (() => Promise.reject(new Error('late'))) as never, 'promise'],
  ['returns a thenable', (() => ({ then: () => {} })) as never, 'promise'],
];

test.each(never)('N5: an exempt predicate that %s exempts nothing and warns', async (_what, predicate, text) => {
  const seen = warnings();
  const { port, gate, boot } = await setUp({ exempt: [predicate] });
  const reply = send(port, { path: '/x' });
  await held(gate, 1);
  expect(seen).toMatchObject([{ code: 'GATE_CALLBACK_FAILED' }]);
  expect(seen[0]?.message).toContain('shop');
  expect(seen[0]?.message).toContain(text);
  boot.resolve();
  expect((await reply).body).toBe('served /x');
});

test.each([
  [1, true],
  ['yes', true],
  [{ then: 'no function' }, true],
  [0, false],
  ['', false],
  [null, false],
  [undefined, false],
])('N5: a predicate that returns %j has answered at once: %s', async (answer, isExempt) => {
  const seen = warnings();
  const { port, gate } = await setUp({ exempt: [() => answer], waitTimeoutMs: 1 });
  expect((await send(port)).status).toBe(isExempt ? 200 : 503);
  expect(gate.report().admitted).toBe(isExempt ? 1 : 0);
  expect(seen).toEqual([]);
});

test('N5: a predicate that fails is told of once, with what it threw on one line', async () => {
  const seen = warnings();
  const cause = new Error('no\n  such\theader');
  const throwing = (): boolean => {
    throw cause;
  };
  const { port } = await setUp({ exempt: [throwing, (): boolean => Promise.resolve(true) as never], waitTimeoutMs: 1 });
  for (let i = 0; i < 2; i++) expect((await send(port)).status).toBe(503);
  expect(seen).toEqual([
    {
      code: 'GATE_CALLBACK_FAILED',
      message: 'An exempt function of gate "shop" threw: no such header (told once)',
      cause,
    },
    {
      code: 'GATE_CALLBACK_FAILED',
      message: 'An exempt function of gate "shop" returned a promise; it must answer at once (told once)',
      cause: undefined,
    },
  ]);
});

test('N5: a predicate that throws does not keep the next one from answering', async () => {
  const seen = warnings();
  const throwing = (): boolean => {
    throw new Error('first');
  };
  const { port } = await setUp({ exempt: [throwing, (req: { url: string }) => req.url === '/open'] });
  expect((await send(port, { path: '/open' })).body).toBe('served /open');
  expect(seen.map(({ code }) => code)).toEqual(['GATE_CALLBACK_FAILED']);
});

test('N5: an open gate asks no predicate any more', async () => {
  const predicate = jest.fn(() => false);
  const { port, gate, boot } = await setUp({ exempt: [predicate] });
  boot.resolve();
  await gate.ensureReady();
  await send(port);
  expect(predicate).not.toHaveBeenCalled();
});

test.each([
  '/open/',
  '/open/more',
  '//open',
  '/./open',
  '/x/../open',
  '/op%65n',
  '/OPEN',
  '/open;x',
  '/open%3Fx',
  'http://x/open',
  '/open\\',
])('N5: %s is not the exempt path /open', async (target) => {
  const { port, gate } = await setUp({ exempt: ['/open'] });
  await dial(port, `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await held(gate, 1);
  expect(gate.report().admitted).toBe(0);
});

test.each(['/open', '/open?', '/open?a=/b', '/open?x?y'])('N5: %s is the exempt path /open', async (target) => {
  const { port, gate } = await setUp({ exempt: ['/open'] });
  expect((await send(port, { path: target })).body).toBe(`served ${target}`);
  expect(gate.state).toBe('idle');
  expect(gate.report().admitted).toBe(1);
});

const page = { headers: { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' } };

test.each([
  [
    'throws',
    () => {
      throw new Error('no template');
    },
    'no template',
  ],
  ['returns no string', () => ({ html: '<p>' }), 'string'],
  ['returns a promise', () => Promise.resolve('<p>'), 'string'],
  ['returns a promise that rejects', () => Promise.reject(new Error('no template')), 'string'],
])('N2: a render that %s is reported, and the browser gets a plain 503', async (_what, render, text) => {
  const seen = warnings();
  const { port } = await setUp({ waitingPage: { render } });
  const reply = await send(port, page);
  expect(reply.status).toBe(503);
  expect(reply.headers['content-type']).toMatch(/^text\/plain/);
  expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'x-bootstrap-gate': 'not-started' });
  expect(reply.body).toBe('The application is not ready.\n');
  expect(seen).toMatchObject([{ code: 'GATE_CALLBACK_FAILED' }]);
  expect(seen[0]?.message).toMatch(/^The waiting page of gate "shop" failed: .+ \(told once\)$/);
  expect(seen[0]?.message).toContain(text);
});

test('N2: a render gets the report, and its page goes out as HTML', async () => {
  const { port } = await setUp({
    waitingPage: { render: ({ gate, state }: { gate: string; state: string }) => `<p>${gate} is ${state}` },
  });
  await send(port, page);
  const reply = await send(port, page);
  expect(reply.headers['content-type']).toMatch(/^text\/html/);
  expect(reply.body).toBe('<p>shop is booting');
});

test('A2: an onChange listener that throws keeps no request waiting', async () => {
  const seen = warnings();
  const { port, gate, boot } = await setUp({});
  gate.onChange(() => {
    throw new Error('listener');
  });
  const reply = send(port);
  await held(gate, 1);
  boot.resolve();
  expect((await reply).status).toBe(200);
  expect(seen.map(({ code }) => code)).toEqual(['GATE_CALLBACK_FAILED', 'GATE_CALLBACK_FAILED']);
});
