/** H8 and `onDenied: 'forward'`: errors go the framework's own way. */
import assert from 'node:assert/strict';
import { isGateError } from 'bootstrap-gate';
import { check } from '../check.js';
import { assertDenialHead, assertEcho, assertServed } from '../expect.js';
import type { Lab } from '../lab.js';

export const errorChecks = [
  check('C601', 'H8', "MUST hand what a held request's handler throws to the framework's error handling", (lab) =>
    failing(lab, '/throw', 'held'),
  ),
  check('C602', 'H8', "MUST hand what a held request's handler rejects with to the framework's error handling", (lab) =>
    failing(lab, '/reject', 'held'),
  ),
  check('C603', 'H8', 'MUST hand on what the handler throws when the gate is open', (lab) =>
    failing(lab, '/throw', 'open'),
  ),
  check('C604', 'H8', 'MUST hand on what the handler rejects with when the gate is open', (lab) =>
    failing(lab, '/reject', 'open'),
  ),
  check('C605', 'H8', 'MUST hand on what the handler of an exempt request throws', (lab) =>
    failing(lab, '/throw', 'exempt'),
  ),
  check('C606', 'H8', "MUST hand on what a pilot's handler throws or rejects with", async (lab) => {
    const site = await lab.openForPilots();
    for (const target of ['/throw', '/reject']) {
      assert.equal((await site.ask(target).answer).status, 500);
      await lab.until('a gate without a pilot', () => site.gate.state === 'idle');
    }
    assert.deepEqual(site.errors, [site.app.error, site.app.error]);
    await assertEcho(site.ask('/next'), '/next');
    await lab.until('an open gate', () => site.gate.ready);
  }),
  check('C607', 'H8', 'MUST let a released handler stream its response', async (lab) => {
    const site = await lab.open();
    const exchange = site.ask('/stream');
    await site.held(1);
    site.bootstrap.succeed();
    assert.equal((await exchange.head).status, 200); // before it has ended
    site.app.streamed.resolve();
    assert.equal((await assertServed(exchange)).text, 'begin end');
  }),

  check(
    'C611',
    'H8',
    "MUST hand a denial to the framework's error handling with onDenied: 'forward'",
    async (lab) => {
      const site = await lab.open({ options: { onDenied: 'forward', waitTimeoutMs: 20 } });
      const answer = await site.ask('/too-long').answer;
      const [error] = site.errors;
      assert.ok(isGateError(error), 'the error must be a GateError');
      assert.equal(error.code, 'ERR_GATE_WAIT_TIMEOUT');
      assert.equal(site.errors.length, 1);
      assertDenialHead(answer);
      assert.deepEqual(site.app.calls, []);
    },
    ['forward'],
  ),
  check(
    'C612',
    'H8',
    'MUST forward an error of its own to each of several denied requests',
    async (lab) => {
      const site = await lab.open({ options: { onDenied: 'forward' } });
      const exchanges = await site.askInTurn(['/1', '/2', '/3']);
      const cause = new Error('the bootstrap failed');
      site.bootstrap.fail(cause);
      for (const exchange of exchanges) assertDenialHead(await exchange.answer);
      assert.equal(new Set(site.errors).size, 3);
      for (const error of site.errors) {
        assert.ok(isGateError(error));
        assert.equal(error.code, 'ERR_GATE_BOOTSTRAP_FAILED');
        assert.equal(error.cause, cause);
      }
    },
    ['forward'],
  ),
];

/** The very error must arrive, the client gets a 500, and the next request is served. */
async function failing(lab: Lab, target: string, when: 'held' | 'open' | 'exempt'): Promise<void> {
  const site = await lab.open({ options: { exempt: when === 'exempt' ? [target] : [] } });
  if (when === 'open') await site.opened();
  const exchange = site.ask(target);
  if (when === 'held') {
    await site.held(1);
    site.bootstrap.succeed();
  }
  assert.equal((await exchange.answer).status, 500);
  assert.deepEqual(site.app.calls, [target]);
  assert.equal(site.errors.length, 1);
  assert.equal(site.errors[0], site.app.error);
  if (when === 'exempt') await site.opened();
  await assertEcho(site.ask('/next'), '/next');
}
