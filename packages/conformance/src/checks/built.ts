/** M1: an application that its bootstrap builds. */
import assert from 'node:assert/strict';
import { reply } from '../application.js';
import { check } from '../check.js';
import { assertDenied, assertEcho, assertServed } from '../expect.js';
import { currentStore } from '../context.js';
import type { Application } from '../types.js';

const named =
  (value: unknown): Application =>
  async () => {
    await Promise.resolve();
    return reply(`built from ${String(value)} for ${currentStore()}`);
  };

export const builtChecks = [
  check(
    'C651',
    'M1',
    "MUST hand held and later requests to what handler makes of the bootstrap's value",
    async (lab) => {
      const values: unknown[] = [];
      const handler = (value: unknown): Application => (values.push(value), named(value));
      const site = await lab.open({ handler });
      const held = site.ask('/held', { headers: { 'X-Store': 'a' } });
      await site.held(1);
      assert.deepEqual(values, []);
      site.bootstrap.succeed('one');
      assert.equal((await assertServed(held)).text, 'built from one for a');
      const later = site.ask('/later', { headers: { 'X-Store': 'b' } });
      assert.equal((await assertServed(later)).text, 'built from one for b');
      assert.deepEqual(values, ['one'], 'handler must be called once per flight');
      assert.deepEqual(site.app.calls, []);
    },
    ['handler'],
  ),

  check(
    'C652',
    'M1',
    'MUST call handler again for the next flight',
    async (lab) => {
      const site = await lab.open({ handler: named });
      await site.opened();
      await site.gate.reset();
      const held = site.ask('/held', { headers: { 'X-Store': 'a' } });
      await site.bootstrap.started(2);
      site.bootstrap.succeed('two');
      assert.equal((await assertServed(held)).text, 'built from two for a');
    },
    ['handler'],
  ),

  check(
    'C653',
    'M1',
    'MUST fail the flight when handler throws',
    async (lab) => {
      let fails = true;
      const handler = (value: unknown): Application => {
        if (fails) throw new Error('cannot build');
        return named(value);
      };
      const site = await lab.open({ handler, gate: { cooldownMs: 0 } });
      const held = site.ask('/held');
      await site.held(1);
      site.bootstrap.succeed('one');
      await assertDenied(held, 'ERR_GATE_BOOTSTRAP_FAILED');
      fails = false;
      const next = site.ask('/next', { headers: { 'X-Store': 'a' } });
      await site.bootstrap.started(2);
      site.bootstrap.succeed('two');
      assert.equal((await assertServed(next)).text, 'built from two for a');
    },
    ['handler'],
  ),

  check(
    'C654',
    'M1',
    'MUST hand on what the built application throws or rejects with',
    async (lab) => {
      const error = new Error('the built application failed');
      const handler = (): Application => (req) => {
        if (req.headers['x-store'] === 'throws') throw error;
        return Promise.reject(error);
      };
      const site = await lab.open({ handler });
      const held = ['throws', 'rejects'].map((store) => site.ask('/', { headers: { 'X-Store': store } }));
      await site.held(2);
      site.bootstrap.succeed();
      for (const exchange of held) assert.equal((await exchange.answer).status, 500);
      assert.equal((await site.ask('/', { headers: { 'X-Store': 'throws' } }).answer).status, 500);
      assert.deepEqual(site.errors, [error, error, error]);
    },
    ['handler'],
  ),

  check(
    'C655',
    'M1',
    'MUST go on behind the gate with what the built application passes on',
    async (lab) => {
      const handler = (): Application => (req) => (req.url?.startsWith('/built') ? reply('built') : undefined);
      const site = await lab.open({ handler });
      const [built, other] = await site.askInTurn(['/built', '/other']);
      site.bootstrap.succeed();
      assert.equal((await assertServed(built!)).text, 'built');
      await assertEcho(other!, '/other');
      await assertEcho(site.ask('/later'), '/later');
      assert.deepEqual(site.app.calls, ['/other', '/later']);
    },
    ['handler', 'next'],
  ),
];
