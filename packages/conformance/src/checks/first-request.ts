/** F: first-request mode, over HTTP. */
import assert from 'node:assert/strict';
import { reply, type Routes } from '../application.js';
import { check } from '../check.js';
import { assertDenied, assertEcho, assertServed } from '../expect.js';
import type { Lab } from '../lab.js';
import { type SelfCall, withFetch, withNodeHttp } from '../self-call.js';
import type { Application } from '../types.js';
import { deferred } from '../wait.js';

export const firstRequestChecks = [
  check(
    'C201',
    'F1',
    'MUST let one request in alone and hold the others until its response has finished',
    async (lab) => {
      const site = await lab.openForPilots();
      assert.equal(site.gate.state, 'idle');
      const pilot = site.ask('/stream');
      await pilot.head; // it has begun, and is not finished
      assert.equal(site.gate.state, 'booting');
      const others = ['/second', '/third'].map((target) => site.ask(target));
      await site.held(2);
      assert.deepEqual(site.app.calls, ['/stream']);
      site.app.streamed.resolve();
      assert.equal((await assertServed(pilot)).text, 'begin end');
      await assertEcho(others[0]!, '/second');
      await assertEcho(others[1]!, '/third');
      assert.equal(site.gate.state, 'ready');
    },
  ),

  check('C202', 'F2', 'MUST go on with the next in line after a pilot with status 500', (lab) =>
    failingPilot(lab, (failed) => failed.then(() => reply('broken', {}, 500))),
  ),

  check('C203', 'F2', 'MUST go on with the next in line after a pilot whose handler rejects', (lab) =>
    failingPilot(lab, async (failed) => {
      await failed;
      throw new Error('the pilot failed');
    }),
  ),

  check('C204', 'F2', 'MUST go on with the next in line after a pilot whose handler throws at once', async (lab) => {
    const site = await lab.openForPilots();
    assert.equal((await site.ask('/throw').answer).status, 500);
    await lab.until('a gate without a pilot', () => site.gate.state === 'idle');
    await assertEcho(site.ask('/next'), '/next');
    await lab.until('an open gate', () => site.gate.ready);
    assert.deepEqual(site.app.calls, ['/throw', '/next']);
  }),

  check('C205', 'F2', 'MUST go on with the next in line when the client of the pilot breaks it off', async (lab) => {
    const nextDone = deferred();
    const routes = { '/next': async () => reply(await nextDone.promise.then(() => 'next')) };
    const site = await lab.openForPilots({ routes });
    const pilot = site.ask('/stream');
    await pilot.head; // with status 200, which does not count unless it is finished
    const next = site.ask('/next');
    await site.held(1);
    const last = site.ask('/last');
    await site.held(2);
    pilot.leave();
    await site.app.reached('/next');
    await site.held(1);
    assert.equal(site.gate.state, 'booting');
    nextDone.resolve();
    await assertServed(next);
    await assertEcho(last, '/last');
  }),

  check('C221', 'F2', 'MUST open after a pilot with a status below 400', async (lab) => {
    const site = await lab.openForPilots({ routes: { '/moved': () => reply('', { Location: '/' }, 302) } });
    assert.equal((await site.ask('/moved').answer).status, 302);
    await lab.until('an open gate', () => site.gate.ready);
  }),

  check('C222', 'F2', 'MUST NOT open after a client error alone, but after ten of them', async (lab) => {
    const site = await lab.openForPilots({ routes: { '/missing': () => reply('nothing here', {}, 404) } });
    for (let times = 1; times <= 10; times++) {
      assert.equal(site.gate.ready, false, `the gate must not open after ${times - 1} client errors`);
      assert.equal((await site.ask('/missing').answer).status, 404);
      await lab.until('the end of the pilot', () => site.gate.state !== 'booting');
    }
    assert.equal(site.gate.ready, true);
  }),

  check(
    'C216',
    'F2',
    'MUST let HEAD and OPTIONS pass alone, and open only after a request that says more',
    async (lab) => {
      const site = await lab.openForPilots();
      for (const method of ['HEAD', 'OPTIONS']) {
        assert.equal((await site.ask('/', { method }).answer).status, 200);
        await lab.until('the end of the pilot', () => site.gate.state === 'idle');
      }
      await assertEcho(site.ask('/next'), '/next');
      await lab.until('an open gate', () => site.gate.ready);
    },
  ),

  check('C207', 'F2', 'MUST let in as many pilots as configured, one after another', async (lab) => {
    const second = deferred();
    const routes = { '/second': async () => reply(await second.promise.then(() => 'second')) };
    const site = await lab.openForPilots({ gate: { firstRequests: 2 }, routes });
    await assertEcho(site.ask('/first'), '/first');
    await lab.until('a gate without a pilot', () => site.gate.state === 'idle');
    const pilot = site.ask('/second');
    await site.app.reached('/second');
    const third = site.ask('/third');
    await site.held(1);
    assert.deepEqual(site.app.calls, ['/first', '/second']);
    second.resolve();
    await assertServed(pilot);
    await assertEcho(third, '/third');
    assert.equal(site.gate.state, 'ready');
  }),

  check('C208', 'F3', 'MUST NOT choose exempt or health requests as pilots', async (lab) => {
    const site = await lab.openForPilots({ options: { exempt: ['/metrics'], health: true } });
    await assertEcho(site.ask('/metrics'), '/metrics');
    assert.equal((await site.ask('/readyz').answer).status, 503);
    assert.equal(site.gate.state, 'idle');
    const pilot = site.ask('/slow');
    await site.app.reached('/slow');
    await assertEcho(site.ask('/metrics'), '/metrics'); // nor do they wait for one
    assert.equal((await site.ask('/livez').answer).status, 200);
    assert.equal(site.gate.state, 'booting');
    site.app.slow.resolve();
    await assertServed(pilot);
  }),

  check(
    'C209',
    'F3',
    'MUST make a navigation the pilot when none is in flight, and show it the page otherwise',
    async (lab) => {
      const site = await lab.openForPilots({ options: { waitingPage: true } });
      const headers = { Accept: 'text/html' };
      const pilot = site.ask('/slow', { headers });
      await site.app.reached('/slow');
      const page = await site.ask('/other', { headers }).answer;
      assert.equal(page.status, 503);
      assert.match(String(page.headers['content-type']), /^text\/html/);
      site.app.slow.resolve();
      assert.equal((await assertServed(pilot)).text, 'slow');
      assert.deepEqual(site.app.calls, ['/slow']);
    },
  ),

  check(
    'C210',
    'F4',
    'MUST let requests of the pilot to its own server pass, to any depth, with fetch',
    (lab) => selfCalling(lab, withFetch),
    ['http1'],
  ),

  check(
    'C211',
    'F4',
    'MUST let requests of the pilot to its own server pass, to any depth, with node:http',
    (lab) => selfCalling(lab, withNodeHttp),
    ['http1'],
  ),

  check('C212', 'F5', 'MUST go on with the next in line, and warn, when a pilot takes too long', async (lab) => {
    const site = await lab.openForPilots({ gate: { pilotTimeoutMs: 30 } });
    const pilot = site.ask('/slow');
    await site.app.reached('/slow');
    await assertEcho(site.ask('/next'), '/next');
    await lab.until('an open gate', () => site.gate.ready);
    assert.deepEqual(
      lab.warnings.map(({ code }) => code),
      ['GATE_PILOT_TIMEOUT'],
    );
    site.app.slow.resolve();
    assert.equal((await assertServed(pilot)).text, 'slow');
  }),

  check('C213', 'H2', 'MUST give a pilot no place among those who wait', async (lab) => {
    const site = await lab.openForPilots({ options: { maxWaiting: 0 } });
    const pilot = site.ask('/slow');
    await site.app.reached('/slow');
    await assertDenied(site.ask('/second'), 'ERR_GATE_QUEUE_FULL');
    site.app.slow.resolve();
    await assertServed(pilot);
    assert.deepEqual(site.app.calls, ['/slow']);
  }),

  check(
    'C214',
    'F3',
    'MUST NOT choose a poll of the page as a pilot, and send the page to load itself where one is wanted',
    async (lab) => {
      const site = await lab.openForPilots({ options: { waitingPage: true } });
      const headers = { 'X-Bootstrap-Gate': 'poll' };
      const wanted = await site.ask('/', { headers }).answer;
      assert.deepEqual([wanted.status, wanted.headers['x-bootstrap-gate']], [200, undefined]);
      assert.equal(site.gate.state, 'idle');
      const pilot = site.ask('/slow', { headers: { Accept: 'text/html' } });
      await site.app.reached('/slow');
      const waits = await site.ask('/', { headers }).answer;
      assert.deepEqual([waits.status, waits.headers['x-bootstrap-gate']], [200, 'not-started']);
      site.app.slow.resolve();
      await assertServed(pilot);
      assert.deepEqual(site.app.calls, ['/slow']);
    },
  ),
];

/** A pilot that fails when it is told to, with two others behind it: they go in one after the other. */
async function failingPilot(lab: Lab, fail: (failed: Promise<void>) => ReturnType<Application>): Promise<void> {
  const failed = deferred();
  const nextDone = deferred();
  const routes: Routes = {
    '/pilot': () => fail(failed.promise),
    '/next': async () => reply(await nextDone.promise.then(() => 'next')),
  };
  const site = await lab.openForPilots({ routes });
  const pilot = site.ask('/pilot');
  await site.app.reached('/pilot');
  const next = site.ask('/next');
  await site.held(1);
  const last = site.ask('/last');
  await site.held(2);

  failed.resolve();
  assert.equal((await pilot.answer).status, 500);
  await site.app.reached('/next');
  assert.deepEqual(site.app.calls, ['/pilot', '/next']);
  await site.held(1);
  nextDone.resolve();
  await assertServed(next);
  await assertEcho(last, '/last');
  assert.equal(site.gate.state, 'ready');
}

/** A pilot that calls its own server three deep, while somebody else waits for it. */
async function selfCalling(lab: Lab, call: SelfCall): Promise<void> {
  let port = 0;
  const othersHeld = deferred();
  const route =
    (inner: string | undefined): Application =>
    async () => {
      if (inner === '/two') await othersHeld.promise;
      return reply(inner ? `> ${await call(`http://127.0.0.1:${port}${inner}`)}` : 'done');
    };
  const routes = {
    '/one': route('/two'),
    '/two': route('/three'),
    '/three': route('/four'),
    '/four': route(undefined),
  };
  const site = await lab.openForPilots({ routes });
  port = site.port;
  const pilot = site.ask('/one');
  await site.app.reached('/one');
  const other = site.ask('/other');
  await site.held(1);
  othersHeld.resolve();
  assert.equal((await assertServed(pilot)).text, '> > > done');
  await assertEcho(other, '/other');
  assert.deepEqual(site.app.calls, ['/one', '/two', '/three', '/four', '/other']);
}
