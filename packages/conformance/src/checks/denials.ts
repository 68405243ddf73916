/** N1 to N3: what a denied client is told, in which form, and what it is not told. */
import assert from 'node:assert/strict';
import type { Boot } from 'bootstrap-gate';
import type { Answer, Ask } from '../client.js';
import { check } from '../check.js';
import { assertDenialHead, assertDenied, assertEcho } from '../expect.js';
import type { Lab, Site } from '../lab.js';
import { deferred } from '../wait.js';

const HOUR_MS = 3_600_000;

export const denialChecks = [
  check('C701', 'N1', 'MUST mark a denial after a failed bootstrap, and say when the cooldown ends', async (lab) => {
    const site = await failed(lab);
    const { retryAfterSeconds } = await assertDenied(site.ask('/'), 'ERR_GATE_BOOTSTRAP_FAILED');
    assert.ok(retryAfterSeconds > 3500 && retryAfterSeconds <= 3600, `Retry-After was ${retryAfterSeconds}`);
    assert.equal(site.bootstrap.calls, 1);
  }),

  check('C702', 'N1', 'MUST mark a denial after a bootstrap that took too long', async (lab) => {
    const site = await lab.open({ gate: { bootTimeoutMs: 20 } });
    await assertDenied(site.ask('/'), 'ERR_GATE_BOOTSTRAP_TIMEOUT');
  }),

  check('C703', 'N1', 'MUST mark a denial after waitTimeoutMs', async (lab) => {
    const site = await lab.open({ options: { waitTimeoutMs: 20 } });
    await assertDenied(site.ask('/'), 'ERR_GATE_WAIT_TIMEOUT');
  }),

  check('C704', 'N1', 'MUST NOT mark what the application answers with 503 itself', async (lab) => {
    const routes = { '/busy': () => ({ status: 503, headers: { 'Content-Type': 'text/plain' }, body: 'busy' }) };
    const site = await lab.open({ routes });
    const exchange = site.ask('/busy');
    await site.held(1);
    site.bootstrap.succeed();
    const { status, headers, text } = await exchange.answer;
    assert.deepEqual([status, text], [503, 'busy']);
    assert.equal(headers['x-bootstrap-gate'], undefined);
    assert.equal(headers['retry-after'], undefined);
  }),

  check('C711', 'N2', 'MUST show the page to browser navigations only, and problem+json to all others', async (lab) => {
    const site = await failed(lab, { waitingPage: true });
    for (const [ask, expected] of negotiations) {
      const answer = await site.ask('/', ask).answer;
      assertDenialHead(answer);
      const type = String(answer.headers['content-type']).split(';')[0];
      assert.equal(type, expected, `for ${JSON.stringify(ask)}`);
      assert.equal(answer.text === '', ask.method === 'HEAD', `the body for ${JSON.stringify(ask)}`);
    }
    assert.deepEqual(site.app.calls, []);
  }),

  check(
    'C712',
    'N2',
    'MUST show the page at once instead of holding a navigation, and start the bootstrap',
    async (lab) => {
      const site = await lab.open({ options: { waitingPage: { title: 'Soon <here>' } } });
      const page = await site.ask('/', navigation).answer;
      assertDenialHead(page);
      assert.ok(page.text.includes('Soon &lt;here&gt;') && !page.text.includes('<here>'), 'the title must be escaped');
      await site.bootstrap.started();
      await lab.until('no one held', () => site.gate.waiting === 0);
      const head = await site.ask('/', { ...navigation, method: 'HEAD' }).answer;
      assertDenialHead(head);
      assert.equal(head.text, '');
      assert.deepEqual(site.app.calls, []);
      site.bootstrap.succeed();
      await lab.until('an open gate', () => site.gate.ready);
      assert.equal((await site.ask('/', navigation).answer).status, 200);
    },
  ),

  check('C713', 'N2', 'MUST hold a navigation without waitingPage, and deny it with problem+json', async (lab) => {
    const site = await lab.open();
    const exchange = site.ask('/', navigation);
    await site.held(1);
    site.bootstrap.fail();
    await assertDenied(exchange, 'ERR_GATE_BOOTSTRAP_FAILED');
  }),

  check('C714', 'N2', 'MUST NOT show the page at a closed gate', async (lab) => {
    const site = await lab.open({ options: { waitingPage: true } });
    await site.gate.close();
    await assertDenied(site.ask('/', navigation), 'ERR_GATE_CLOSED');
  }),

  check('C715', 'N2', "MUST answer 503 and warn when the page's render throws", async (lab) => {
    const render = (): string => {
      throw new Error('cannot render');
    };
    const site = await lab.open({ options: { waitingPage: { render } } });
    assertDenialHead(await site.ask('/', navigation).answer);
    assert.deepEqual(
      lab.warnings.map(({ code }) => code),
      ['GATE_CALLBACK_FAILED'],
    );
  }),

  check(
    'C716',
    'N2',
    'MUST answer a poll of the page at once, neither held nor passed on, until it is open',
    async (lab) => {
      const site = await lab.open({ options: { waitingPage: true } });
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, text } = await site.ask('/', { method, headers: poll }).answer;
        assert.equal(status, 200, 'a browser reports every other status of a poll as an error');
        assert.deepEqual([headers['x-bootstrap-gate'], headers['cache-control']], ['not-started', 'no-store']);
        assert.equal(text === '', method === 'HEAD');
      }
      await site.bootstrap.started(); // who waits in front of the page counts, also after a failed flight
      assert.deepEqual([site.gate.waiting, site.app.calls], [0, []]);
      site.bootstrap.succeed();
      await lab.until('an open gate', () => site.gate.ready);
      await assertEcho(site.ask('/', { headers: poll }), '/');
    },
  ),

  check('C717', 'N2', "MUST hold what looks like a poll where there's no page that could have sent it", async (lab) => {
    const site = await lab.open();
    const exchange = site.ask('/', { headers: poll });
    await site.held(1);
    site.bootstrap.succeed();
    await assertEcho(exchange, '/');
    const other = await lab.open({ options: { waitingPage: true } });
    const posted = other.ask('/', { method: 'POST', headers: poll, body: 'a=1' });
    await other.held(1);
    other.bootstrap.succeed();
    assert.equal((await assertEcho(posted, '/')).bytes, 3);
  }),

  check('C721', 'N3', 'MUST NOT disclose causes, steps or progress to clients', async (lab) => {
    const answers = await telling(lab, false);
    for (const { headers, text } of Object.values(answers)) {
      const all = `${JSON.stringify(headers)} ${text}`;
      assert.ok(!all.includes('secret'), `disclosed: ${all}`);
      assert.doesNotMatch(all, /\bat .*:\d+:\d+/, 'a stack');
    }
  }),

  check('C722', 'N3', 'MUST escape on the page what expose shows', async (lab) => {
    const { booting, polled, problem, page, failed, health } = await telling(lab, true);
    for (const shown of [booting, page]) {
      assert.ok(shown.text.includes('secret-step'), 'the page must show steps');
      assert.ok(!shown.text.includes('<script>'), 'the page must escape');
    }
    assert.ok(booting.text.includes('secret-progress &lt;script&gt;'));
    assert.ok(page.text.includes('secret-cause &lt;script&gt;'));
    assert.ok(polled.text.includes('secret-step') && polled.text.includes('secret-progress'));
    assert.match(String(polled.headers['content-type']), /^application\/json/, 'not to be read as HTML');
    assert.ok(failed.text.includes('secret-cause'));
    assert.ok(problem.text.includes('secret-cause'));
    assert.ok(!health.text.includes('secret'), 'health answers are the same with expose');
  }),
];

const navigation: Ask = { headers: { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' } };
const poll = { 'X-Bootstrap-Gate': 'poll', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };
const page = 'text/html';
const problem = 'application/problem+json';
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const negotiations: readonly (readonly [Ask, string])[] = [
  [{}, problem],
  [{ headers: { Accept: '*/*' } }, problem],
  [{ headers: { Accept: 'application/json' } }, problem],
  [{ headers: { Accept: 'application/json, text/html' } }, problem],
  [{ headers: { Accept: browser } }, page],
  [{ headers: { Accept: 'TEXT/HTML' } }, page],
  [navigation, page],
  [{ headers: { ...navigation.headers, Accept: 'application/json' } }, page],
  [{ headers: { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe', Accept: browser } }, problem],
  [{ headers: { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image', Accept: browser } }, problem],
  [{ headers: { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', Accept: browser } }, problem],
  [{ method: 'POST', headers: { Accept: browser }, body: 'a=1' }, problem],
  [{ ...navigation, method: 'POST', body: 'a=1' }, problem],
  [{ ...navigation, method: 'HEAD' }, page],
  [{ method: 'HEAD' }, problem],
];

/** A site whose bootstrap has failed, in a cooldown of an hour: every request is denied at once. */
async function failed(lab: Lab, options = {}): Promise<Site> {
  const site = await lab.open({ options, gate: { cooldownMs: HOUR_MS } });
  const refused = assert.rejects(site.gate.ensureReady());
  await site.bootstrap.started();
  site.bootstrap.fail();
  await refused;
  return site;
}

type Told = Readonly<Record<'booting' | 'polled' | 'problem' | 'page' | 'failed' | 'health', Answer>>;

/** Everything that a site with a talkative, failing bootstrap tells its clients: page, poll, problem, page, poll, health. */
async function telling(lab: Lab, expose: boolean): Promise<Told> {
  const told = deferred();
  const fails = deferred();
  const bootstrap = (boot: Boot): Promise<unknown> =>
    boot.step('secret-step <script>', async ({ progress }) => {
      progress(0.5, 'secret-progress <script>');
      told.resolve();
      await fails.promise;
      throw new Error('secret-cause <script>');
    });
  const options = { waitingPage: true, health: true, expose };
  const site = await lab.open({ options, bootstrap, gate: { cooldownMs: HOUR_MS } });
  const held = site.ask('/held');
  await told.promise;
  const booting = await site.ask('/', navigation).answer;
  const polled = await site.ask('/', { headers: poll }).answer;
  fails.resolve();
  const problem = await held.answer;
  const page = await site.ask('/', navigation).answer;
  const failed = await site.ask('/', { headers: poll }).answer;
  const health = await site.ask('/readyz').answer;
  for (const { status } of [booting, problem, page, health]) assert.equal(status, 503);
  return { booting, polled, problem, page, failed, health };
}
