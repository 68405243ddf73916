/** What exactly the page tells a waiting person. The clock stands still unless a test moves it. */
import { createServer } from 'node:http';
import type { Boot } from '../../src/index.js';
import { systemClock } from '../../src/kit/clock.js';
import { processInsight } from '../../src/observe/insight.js';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { atEnd, listen, send } from '../doors/node/support/network.js';
import { never } from '../doors/node/support/never.js';
import { deferred, until, warnings } from '../doors/node/support/waiting.js';

const starting = { state: 'starting', text: 'The application is not ready yet. It opens here as soon as it is.' };
const failed = {
  state: 'failed',
  text: 'The application could not start. It is tried again, and opens here when that succeeds.',
};

/** A clock that is moved by hand; timers go on by themselves. */
function stoppedClock(): { pass(ms: number): void } {
  let now = Date.now();
  const spy = jest.spyOn(systemClock, 'now').mockImplementation(() => now);
  atEnd(() => spy.mockRestore());
  return { pass: (ms) => void (now += ms) };
}

async function setUp(options: object) {
  const listener = bootstrapGate(() => {}, { waitingPage: true, expose: true, ...options });
  atEnd(() => void listener.gate.close());
  const port = await listen(createServer(listener));
  const ask = async (headers: Record<string, string>): Promise<string> => (await send(port, { headers })).body;
  const view = async (): Promise<unknown> => JSON.parse(await ask({ 'X-Bootstrap-Gate': 'poll' }));
  return { port, gate: listener.gate, view, page: () => ask({ Accept: 'text/html' }) };
}

/** A bootstrap that has come this far. */
async function bootUntil(far: (boot: Boot) => unknown, options: object = {}) {
  const reached = deferred();
  const bootstrap = async (boot: Boot): Promise<void> => {
    await far(boot);
    reached.resolve();
    await never();
  };
  const all = await setUp({ bootstrap, eager: true, ...options });
  await reached.promise;
  return all;
}

const historyOf = (durationMs: number) => ({
  load: () => JSON.stringify({ version: 1, boots: [{ durationMs, steps: {} }] }),
  save() {},
});

test('N2: each step is told with its state: how long it took, how far it is, why it failed', async () => {
  const { pass } = stoppedClock();
  const { view } = await bootUntil(async (boot) => {
    await boot.step('short', () => pass(999));
    await boot.step('long', () => pass(1_000));
    await boot.step('longer', ({ progress }) => {
      progress(1, 'no longer told');
      pass(61_250);
    });
    await boot.step('broken', () => Promise.reject(new Error('no cache')), { optional: true });
    void boot.step('silent', never);
    void boot.step('counting', ({ progress }) => (progress(0.254), never()));
    void boot.step('talking', ({ progress }) => (progress(0.5, 'table 1 of 2'), never()));
  });
  expect(await view()).toMatchObject({
    details: [
      { state: 'done', text: 'short: done in 999 ms' },
      { state: 'done', text: 'long: done in 1.0 s' },
      { state: 'done', text: 'longer: done in 61.3 s' },
      { state: 'failed', text: 'broken: failed (no cache)' },
      { state: 'running', text: 'silent: running' },
      { state: 'running', text: 'counting: running, 25 %' },
      { state: 'running', text: 'talking: running, 50 % (table 1 of 2)' },
    ],
  });
});

test('N2: what the bootstrap says of itself comes first', async () => {
  const { view, page } = await bootUntil(async (boot) => {
    boot.progress(0.5, 'half of it');
    await boot.step('first', () => {});
  });
  const details = [
    { state: 'running', text: 'half of it' },
    { state: 'done', text: expect.stringMatching(/^first: done in \d+ ms$/) as string },
  ];
  expect(await view()).toEqual({ ...starting, percent: 50, seconds: 0, details });
  const shown = await page();
  expect(shown).toMatch(
    /<ul id="details"><li class="running">half of it<\/li><li class="done">first: done in \d+ ms<\/li><\/ul>/,
  );
  expect(shown).toContain('<main class="starting">');
  expect(shown).toContain(`<p id="text" role="status">${starting.text}</p>`);
  expect(shown).toContain('max="100" value="50"></progress>');
  expect(shown).toContain('<span id="percent">50 %</span>');
  expect(shown).toContain('aria-label="Time so far">0 s</span>');
});

test('N2: between two attempts it says why the first one failed, and the time goes on', async () => {
  const { pass } = stoppedClock();
  const ends = deferred();
  const bootstrap = (boot: Boot): Promise<void> => (boot.progress(0.5, 'half'), ends.promise);
  const { gate, view } = await setUp({ bootstrap, eager: true, retry: { attempts: 2, delayMs: 3_600_000 } });
  ends.reject(new Error('no database'));
  await until(() => gate.report().attempts[0]?.outcome === 'failed');
  pass(1_999);
  expect(await view()).toMatchObject({
    state: 'starting',
    seconds: 1,
    details: [{ state: 'failed', text: 'no database' }],
  });
});

test('N2: the seconds are those of the flight, and all else is of its last attempt', async () => {
  warnings();
  const { pass } = stoppedClock();
  const bootstrap = async (boot: Boot): Promise<void> => {
    boot.progress(0.5, 'first half');
    await boot.step(`step of attempt ${boot.attempt}`, () => {});
    if (boot.attempt === 1) throw (pass(2_000), new Error('once more'));
    await never();
  };
  const { gate, view } = await setUp({ bootstrap, eager: true, retry: { attempts: 2, delayMs: 0 } });
  await until(() => gate.report().attempts[1]?.steps[0]?.state === 'done');
  expect(await view()).toEqual({
    ...starting,
    percent: 50,
    seconds: 2,
    details: [
      { state: 'running', text: 'first half' },
      { state: 'done', text: 'step of attempt 2: done in 0 ms' },
    ],
  });
});

test('N2: of a flight that failed it tells the failure first, and no time or percent', async () => {
  warnings();
  const bootstrap = async (boot: Boot): Promise<void> => {
    boot.progress(0.5, 'no longer told');
    await boot.step('database', () => Promise.reject(new Error('refused')));
  };
  const { gate, view, page } = await setUp({ bootstrap, eager: true, cooldownMs: 3_600_000 });
  await until(() => gate.state === 'failed');
  const details = [
    { state: 'failed', text: 'The bootstrap failed: step "database" of gate "bootstrap" failed: refused' },
    { state: 'failed', text: 'database: failed (refused)' },
  ];
  expect(await view()).toEqual({ ...failed, percent: null, seconds: null, details });
  const shown = await page();
  expect(shown).toContain('<main class="failed">');
  expect(shown).toContain('max="100"></progress>');
  expect(shown).toContain('<span id="percent"></span>');
  expect(shown).toContain('aria-label="Time so far"></span>');
});

test('N2: while the first request is under way there is nothing to count, and nothing to tell', async () => {
  const { port, gate, view } = await setUp({});
  void send(port).catch(() => {});
  await until(() => gate.state === 'booting');
  expect(await view()).toEqual({ ...starting, percent: null, seconds: null, details: [] });
});

test('N2: where the first request is wanted a poll tells nothing, unmarked: only the page itself can be that request', async () => {
  const { port, gate } = await setUp({});
  const { status, headers, body } = await send(port, { headers: { 'X-Bootstrap-Gate': 'poll' } });
  expect([status, headers['content-type'], headers['x-bootstrap-gate'], body]).toEqual([
    200,
    'application/json',
    undefined,
    '{}\n',
  ]);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  expect(gate.state).toBe('idle');
});

test.each([
  ['GET', 200],
  ['HEAD', 200],
  ['POST', 503],
  ['DELETE', 503],
])('N2: whether %s can be a poll: %d', async (method, status) => {
  const { port } = await setUp({ bootstrap: never, maxWaiting: 0 });
  const reply = await send(port, { method, headers: { 'X-Bootstrap-Gate': 'poll' } });
  expect([reply.status, reply.headers['x-bootstrap-gate']]).toEqual([status, 'not-started']);
});

test('N2: by its history a boot is as far as the part of the usual time that has passed, 99 at most', async () => {
  const { pass } = stoppedClock();
  const { view } = await bootUntil(() => {}, { history: historyOf(10_000) });
  pass(2_500);
  expect(await view()).toMatchObject({ percent: 25 });
  pass(7_500);
  expect(await view()).toMatchObject({ percent: 99 });
});

test('N2: what the bootstrap says counts more than its history', async () => {
  const { view } = await bootUntil((boot) => boot.progress(0.75), { history: historyOf(3_600_000) });
  expect(await view()).toMatchObject({ percent: 75, details: [] });
});

test('N2: a history of boots that took no time tells nothing', async () => {
  const { page } = await bootUntil(() => {}, { history: historyOf(0) });
  expect(await page()).toContain('max="100"></progress>');
});

test('D6: with expose a stall is told with what the process awaits, as long as the bootstrap runs', async () => {
  const text = 'Awaited:\n  connect (/app/db.js:3:12) waits for a socket\n    that <nobody> answers';
  const stall = { text, tookMs: 1, awaits: [], cycles: [], locks: [], pools: [], blockedSessions: [], open: [] };
  jest.spyOn(processInsight, 'explain').mockResolvedValue(stall);
  const seen = warnings();
  const { view, page, gate } = await bootUntil(() => {}, { stallAfterMs: 1 });
  await until(() => gate.report().stall?.process === stall);
  expect(await view()).toMatchObject({ details: [{ state: 'running', text }] });
  expect(await page()).toContain(text.replace('<nobody>', '&lt;nobody&gt;'));
  expect(seen.length).toBeGreaterThan(0);
  void gate.close();
  jest.restoreAllMocks();
});
