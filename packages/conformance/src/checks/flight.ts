/** A: one flight for all, and whose context is whose. */
import assert from 'node:assert/strict';
import { check } from '../check.js';
import { assertDenied, assertEcho, assertServed } from '../expect.js';
import type { Lab } from '../lab.js';
import { type SelfCall, withFetch, withNodeHttp } from '../self-call.js';
import { turn } from '../wait.js';

const targets = Array.from({ length: 12 }, (_, i) => `/request/${i}`);

export const flightChecks = [
  check(
    'C101',
    'A1',
    'MUST call the bootstrap once for concurrent requests and then serve all of them',
    async (lab) => {
      const site = await lab.open();
      const exchanges = targets.map((target) => site.ask(target));
      await site.held(targets.length);
      assert.equal(site.bootstrap.calls, 1);
      assert.deepEqual(site.app.calls, [], 'no request may reach the application before its bootstrap is complete');
      site.bootstrap.succeed();
      await Promise.all(exchanges.map((exchange, i) => assertEcho(exchange, targets[i] ?? '')));
      assert.equal(site.bootstrap.calls, 1);
      assert.equal(site.app.calls.length, targets.length);
    },
  ),

  check('C102', 'A1', 'MUST serve requests that come after the bootstrap, without another one', async (lab) => {
    const site = await (await lab.open()).opened();
    await assertEcho(site.ask('/late?q=1'), '/late?q=1');
    await assertEcho(site.ask('/later'), '/later');
    assert.equal(site.bootstrap.calls, 1);
  }),

  check('C103', 'A1', 'MUST wait for an application that answers late, held or not', async (lab) => {
    const site = await lab.open();
    const held = site.ask('/slow');
    await site.held(1);
    site.bootstrap.succeed();
    await site.app.reached('/slow');
    const late = site.ask('/slow?late');
    await site.app.reached('/slow?late');
    for (let i = 0; i < 5; i++) await turn(); // who does not wait for the application has answered by now
    site.app.slow.resolve();
    assert.equal((await assertServed(held)).text, 'slow');
    assert.equal((await assertServed(late)).text, 'slow');
  }),

  check(
    'C104',
    'A3',
    'MUST deny everybody held when the bootstrap fails, and try again with a later request',
    async (lab) => {
      const site = await lab.open({ gate: { cooldownMs: 0 } });
      const exchanges = targets.map((target) => site.ask(target));
      await site.held(targets.length);
      site.bootstrap.fail();
      for (const exchange of exchanges) await assertDenied(exchange, 'ERR_GATE_BOOTSTRAP_FAILED');
      assert.deepEqual(site.app.calls, []);

      const next = site.ask('/next');
      await site.bootstrap.started(2);
      site.bootstrap.succeed();
      await assertEcho(next, '/next');
      assert.deepEqual(site.app.calls, ['/next']);
    },
  ),

  check(
    'C105',
    'A6',
    "MUST run every released request in its own async context, not in anybody else's",
    async (lab) => {
      const site = await lab.open();
      const exchanges = targets.map((target) => site.ask(target, { headers: { 'X-Store': target } }));
      await site.held(targets.length);
      site.bootstrap.succeed();
      const echoes = await Promise.all(exchanges.map((exchange, i) => assertEcho(exchange, targets[i] ?? '')));
      const stores = echoes.map(({ store }) => store);
      assert.deepEqual(stores, targets, 'a handler must see the AsyncLocalStorage store of its own request');
    },
  ),

  check(
    'C106',
    'A6',
    'MUST run the bootstrap outside the async context of the request that started it',
    async (lab) => {
      const site = await lab.open();
      const exchange = site.ask('/first', { headers: { 'X-Store': 'of the request' } });
      await site.held(1);
      assert.deepEqual(site.bootstrap.stores, [undefined]);
      site.bootstrap.succeed();
      await assertServed(exchange);
    },
  ),

  check('C107', 'A6', 'MUST run pilots, and those who follow them, in their own async context', async (lab) => {
    const site = await lab.openForPilots();
    const pilot = site.ask('/slow', { headers: { 'X-Store': 'pilot' } });
    await site.app.reached('/slow');
    const second = site.ask('/second', { headers: { 'X-Store': 'second' } });
    await site.held(1);
    site.app.slow.resolve();
    await assertServed(pilot);
    assert.equal((await assertEcho(second, '/second')).store, 'second');
  }),

  check('C108', 'A7', 'MUST keep the flight going when the client that started it leaves', async (lab) => {
    const site = await lab.open();
    const first = site.ask('/first');
    await site.held(1);
    const second = site.ask('/second');
    await site.held(2);
    first.leave();
    await lab.until('the place of the client that left', () => site.gate.waiting === 1);
    assert.equal(site.gate.state, 'booting');
    site.bootstrap.succeed();
    await assertEcho(second, '/second');
    assert.equal(site.bootstrap.calls, 1);
    assert.deepEqual(site.app.calls, ['/second']);
  }),

  check(
    'C109',
    'A7',
    'MUST keep the flight going when the request that started it has waited too long',
    async (lab) => {
      const site = await lab.open({ options: { waitTimeoutMs: 20 } });
      await assertDenied(site.ask('/first'), 'ERR_GATE_WAIT_TIMEOUT');
      assert.equal(site.gate.state, 'booting');
      site.bootstrap.succeed();
      await lab.until('an open gate', () => site.gate.ready);
      await assertEcho(site.ask('/second'), '/second');
      assert.equal(site.bootstrap.calls, 1);
      assert.deepEqual(site.app.calls, ['/second']);
    },
  ),

  check(
    'C110',
    'D5',
    'MUST hold what the bootstrap asks its own server with fetch, and deny what it cannot go on without',
    (lab) => loopback(lab, withFetch),
    ['http1'],
  ),

  check(
    'C111',
    'D5',
    'MUST hold what the bootstrap asks its own server with node:http, and deny what it cannot go on without',
    (lab) => loopback(lab, withNodeHttp),
    ['http1'],
  ),
];

/** Above the heap limit nothing is proven, and the time limit of the request ends it. */
async function loopback(lab: Lab, call: SelfCall): Promise<void> {
  let port = 0;
  const bootstrap = (): Promise<string> => call(`http://127.0.0.1:${port}/self`);
  const site = await lab.open({ bootstrap, options: { waitTimeoutMs: 2_000 } });
  port = site.port;
  const denial = String(await site.gate.ensureReady());
  assert.match(denial, /ERR_GATE_(LOOPBACK|WAIT_TIMEOUT)/);
  const isProven = denial.includes('ERR_GATE_LOOPBACK');
  await assertEcho(site.ask('/other'), '/other');
  assert.deepEqual(site.app.calls, ['/other']);
  assert.deepEqual(
    lab.warnings.map(({ code }) => code),
    isProven ? ['GATE_LOOPBACK'] : [],
  );
}
