/** The waiting page as it goes over the wire; in a browser it is tried in examples/waiting-page. */
import { createServer } from 'node:http';
import type { Boot } from '../../src/index.js';
import { bootstrapGate } from '../../src/doors/node/index.js';
import { listen, type Reply, send, type Send } from '../doors/node/support/network.js';
import { deferred, held, until, warnings } from '../doors/node/support/waiting.js';

async function setUp(options: object = {}) {
  const end = deferred();
  const flights: Boot[] = [];
  const bootstrap = (boot: Boot): Promise<void> => {
    flights.push(boot);
    return end.promise;
  };
  const listener = bootstrapGate((req, res) => res.end(`served ${req.url}`), {
    bootstrap,
    name: 'shop',
    waitingPage: true,
    ...options,
  });
  const port = await listen(createServer(listener));
  const visit = (): Promise<Reply> => send(port, { headers: { Accept: 'text/html' } });
  const poll = (more: Send = {}): Promise<Reply> => send(port, { ...more, headers: { 'X-Bootstrap-Gate': 'poll' } });
  return { port, gate: listener.gate, end, flights, visit, poll };
}

const viewOf = ({ body }: Reply): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

test('N2: the page is below 4 KB, and all of it is in one answer', async () => {
  const { visit, flights } = await setUp();
  await visit();
  flights[0]?.progress(0.42);
  const { status, headers, body } = await visit();
  expect([status, headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(Buffer.byteLength(body)).toBeLessThan(4096);
  expect(body.match(/\b(src|href|action|url)\b[=(][^ >]*/g)).toEqual(['href="data:,"']);
});

test('N2: the content security policy lets this script and this style in, by a nonce of this answer', async () => {
  const { visit } = await setUp();
  const nonces = new Set<string | undefined>();
  for (const { headers, body } of [await visit(), await visit()]) {
    const policy = String(headers['content-security-policy']);
    const nonce = /'nonce-([\w-]{22,})'/.exec(policy)?.[1];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(body.match(/<(script|style)[^>]*>/g)).toEqual([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`]);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});

test('N2: the page refreshes itself only where scripts are off', async () => {
  const { body } = await (await setUp()).visit();
  expect(body.replace(/<noscript>.*<\/noscript>/, '')).not.toContain('http-equiv');
  expect(body).toMatch(/<noscript><meta http-equiv="refresh" content="\d+"><\/noscript>/);
});

test('N2: a poll is told what the page shows', async () => {
  const { poll, flights, end, gate } = await setUp({ cooldownMs: 60_000 });
  warnings();
  const text = expect.any(String);
  const first = await poll();
  expect(first.status).toBe(200); // browsers write everything else into the console
  expect(first.headers).toMatchObject({ 'x-bootstrap-gate': 'not-started', 'cache-control': 'no-store' });
  expect(viewOf(first)).toEqual({ state: 'starting', text, percent: null, seconds: 0, details: [] });
  flights[0]?.progress(0.29);
  expect(viewOf(await poll())).toMatchObject({ state: 'starting', percent: 29 });
  flights[0]?.progress(1); // but not complete yet
  expect(viewOf(await poll())).toMatchObject({ state: 'starting', percent: 99 });
  end.reject(new Error('no database'));
  await until(() => gate.state === 'failed');
  expect(viewOf(await poll())).toEqual({ state: 'failed', text, percent: null, seconds: null, details: [] });
});

test('N2: a gate that is being reset is on its way, and has not failed', async () => {
  const stopped = deferred();
  const bootstrap = { run: () => 'value', stop: () => stopped.promise };
  const { gate, poll } = await setUp({ bootstrap });
  await gate.ensureReady();
  const reset = gate.reset();
  expect(gate.state).toBe('failed');
  expect(viewOf(await poll())).toMatchObject({ state: 'starting', percent: null, seconds: null });
  stopped.resolve();
  await reset;
});

test('N2: polls start the next flight after the cooldown, since those who wait there send nothing else', async () => {
  warnings();
  let flights = 0;
  const bootstrap = (): Promise<void> => (flights++ === 0 ? Promise.reject(new Error('not yet')) : Promise.resolve());
  const { poll, gate } = await setUp({ bootstrap, cooldownMs: 0 });
  await poll();
  await until(() => gate.state === 'failed');
  const last = await poll();
  await until(() => gate.ready);
  expect(last.headers['x-bootstrap-gate']).toBe('not-started');
  expect((await poll()).body).toBe('served /');
  expect(flights).toBe(2);
});

test('P1: a poll is no request that was denied', async () => {
  const { visit, poll, gate } = await setUp();
  await visit();
  await poll();
  expect(gate.report()).toMatchObject({ denied: 1, admitted: 0, held: 0 });
});

test('N5: a poll of an exempt path passes, as everything does there', async () => {
  const { poll } = await setUp({ exempt: ['/open'] });
  expect((await poll({ path: '/open' })).body).toBe('served /open');
});

test('N2: a poll of a closed gate is denied like any other request', async () => {
  const { poll, gate } = await setUp();
  void gate.close();
  const { status, headers, body } = await poll();
  expect([status, headers.connection, viewOf({ body } as Reply).code]).toEqual([503, 'close', 'ERR_GATE_CLOSED']);
});

test.each([{ 'X-Bootstrap-Gate': 'not-started' }, { 'X-Bootstrap-Gate': 'poll, poll' }])(
  'N2: %j makes no poll',
  async (headers) => {
    const { port, gate } = await setUp();
    void send(port, { headers }).catch(() => {});
    await held(gate, 1);
  },
);

test('N2: with a render of your own, polls are answered all the same, and do not render', async () => {
  const render = jest.fn(() => '<p>mine');
  const { visit, poll } = await setUp({ waitingPage: { render } });
  expect((await visit()).headers['content-security-policy']).toBeUndefined(); // it is your page
  expect(viewOf(await poll())).toMatchObject({ state: 'starting' });
  expect(render).toHaveBeenCalledTimes(1);
});

test('N3: what looks like HTML is text on the page, in the title too', async () => {
  const hostile = `</title></script><script>alert("1")</script>'&`;
  const escaped = '&lt;/title&gt;&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;';
  const { visit, gate, flights } = await setUp({ waitingPage: { title: hostile }, expose: true });
  gate.ensureReady().catch(() => {});
  flights[0]?.progress(0.5, hostile);
  void flights[0]?.step(hostile, ({ progress }) => {
    progress(0.25, hostile);
    return new Promise(() => {});
  });
  const { body } = await visit();
  expect(body.split(escaped)).toHaveLength(6); // title, heading, progress text, step, its progress text
  expect(body).not.toContain('<script>');
});

test('N3: without expose page and poll tell nothing of steps, causes and texts; with it they do', async () => {
  for (const expose of [false, true]) {
    const { visit, poll, gate, flights } = await setUp({ expose });
    gate.ensureReady().catch(() => {});
    const boot = flights[0] as Boot;
    boot.progress(0.5, 'secret text');
    await boot.step('secret step', () => {});
    await boot.step('another', () => Promise.reject(new Error('secret cause')), { optional: true });
    for (const { body } of [await visit(), await poll()]) {
      for (const secret of ['secret text', 'secret step: done in', 'another: failed (secret cause)']) {
        expect([secret, body.includes(secret)]).toEqual([secret, expose]);
      }
    }
  }
});
