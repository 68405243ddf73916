/** A12: drain, close and reset, over HTTP. */
import assert from 'node:assert/strict';
import { reply } from '../application.js';
import { check } from '../check.js';
import { assertDenied, assertEcho, assertServed } from '../expect.js';
import type { Reply } from '../types.js';
import { deferred } from '../wait.js';

export const lifecycleChecks = [
  check('C151', 'A12', 'MUST serve requests while draining, with readiness false', async (lab) => {
    const site = await (await lab.open({ options: { health: true } })).opened();
    assert.equal((await site.ask('/readyz').answer).status, 200);
    site.gate.drain();
    assert.equal((await site.ask('/readyz').answer).status, 503);
    await assertEcho(site.ask('/still'), '/still');
  }),

  check(
    'C152',
    'A12',
    'MUST deny held requests at once on reset, and serve the next ones from a new flight',
    async (lab) => {
      const site = await lab.open();
      const held = site.ask('/held');
      await site.held(1);
      const reset = site.gate.reset();
      await assertDenied(held, 'ERR_GATE_NOT_READY');
      await reset;
      assert.equal(site.gate.state, 'idle');
      const next = site.ask('/next');
      await site.bootstrap.started(2);
      site.bootstrap.succeed();
      await assertEcho(next, '/next');
      assert.deepEqual(site.app.calls, ['/next']);
    },
  ),

  check('C153', 'A12', 'MUST be on the path again after the reset of an open gate', async (lab) => {
    const site = await (await lab.open()).opened();
    await assertEcho(site.ask('/before'), '/before');
    await site.gate.reset();
    const exchange = site.ask('/after');
    await site.held(1);
    assert.deepEqual(site.app.calls, ['/before']);
    assert.equal(site.bootstrap.calls, 2);
    site.bootstrap.succeed();
    await assertEcho(exchange, '/after');
  }),

  check('C154', 'A12', 'MUST hold requests that come while a reset is under way for the next flight', async (lab) => {
    const stopped = deferred();
    let runs = 0;
    const site = await lab.open({ bootstrap: { run: () => ++runs, stop: () => stopped.promise } });
    await site.gate.ensureReady();
    const reset = site.gate.reset();
    const exchange = site.ask('/meanwhile');
    await site.held(1);
    assert.equal(runs, 1);
    stopped.resolve();
    await reset;
    await assertEcho(exchange, '/meanwhile');
    assert.equal(runs, 2);
  }),

  check('C155', 'A12', 'MUST deny after close all but exempt and health requests', async (lab) => {
    const site = await (await lab.open({ options: { exempt: ['/metrics'], health: true } })).opened();
    await assertEcho(site.ask('/early'), '/early');
    await site.gate.close();
    await assertDenied(site.ask('/late'), 'ERR_GATE_CLOSED');
    await assertEcho(site.ask('/metrics'), '/metrics');
    assert.equal((await site.ask('/livez').answer).status, 200);
    assert.equal((await site.ask('/readyz').answer).status, 503);
    assert.deepEqual(site.app.calls, ['/early', '/metrics']);
  }),

  check('C156', 'A12', 'MUST let requests that were admitted before close or reset go on', async (lab) => {
    const site = await (await lab.open()).opened();
    const admitted = site.ask('/slow');
    await site.app.reached('/slow');
    await site.gate.reset();
    await site.gate.close();
    await assertDenied(site.ask('/late'), 'ERR_GATE_CLOSED');
    site.app.slow.resolve();
    assert.equal((await assertServed(admitted)).text, 'slow');
  }),

  check('C157', 'A12', 'MUST not count a pilot that was under way at a reset', async (lab) => {
    const site = await lab.openForPilots();
    const pilot = site.ask('/slow');
    await site.app.reached('/slow');
    await site.gate.reset();
    assert.equal(site.gate.state, 'idle');
    site.app.slow.resolve();
    await assertServed(pilot);
    assert.equal(site.gate.state, 'idle');
    await assertEcho(site.ask('/next'), '/next');
    await lab.until('an open gate', () => site.gate.ready);
  }),

  check('C158', 'A12', 'MUST deny who is still held when a released handler closes the gate', async (lab) => {
    const closes = (): Reply => {
      void site.gate.close();
      return reply('closed');
    };
    const site = await lab.open({ routes: { '/closes': closes } });
    const [first, ...others] = await site.askInTurn(['/closes', '/1', '/2', '/3']);
    site.bootstrap.succeed();
    assert.equal((await assertServed(first!)).text, 'closed');
    for (const exchange of others) await assertDenied(exchange, 'ERR_GATE_CLOSED');
    assert.deepEqual(site.app.calls, ['/closes']);
  }),
];
