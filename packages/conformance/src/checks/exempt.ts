/** N5: who passes without waiting, and who only looks like it. */
import assert from 'node:assert/strict';
import { check } from '../check.js';
import { assertDenied, assertEcho } from '../expect.js';

/** Spellings of /health that a router, a proxy or a file system might take for it. */
const lookalikes = [
  '/health/',
  '/HEALTH',
  '/Health',
  '/he%61lth',
  '/%68ealth',
  '/%2Fhealth',
  '/health%2F',
  '/health%3Fx',
  '/health%00',
  '/health;a=1',
  '/healthy',
  '/health.json',
  '/health/x',
  '/health/../admin',
  '//health',
  '/a//health',
  '/?/health',
  '/admin?/health',
];

/** Those that a URL parser takes for it. */
const normalised = ['/./health', '/a/../health', '/\\health', '/health/.', '/x/%2e%2e/health'];

/** In these checks nobody may wait: what is not exempt is denied at once. */
const nobodyWaits = { maxWaiting: 0 };

export const exemptChecks = [
  check('C851', 'N5', 'MUST let an exact path pass, with any query and method', async (lab) => {
    const site = await lab.open({ options: { ...nobodyWaits, exempt: ['/health'] } });
    for (const target of ['/health', '/health?', '/health?x=1', '/health?/../admin', '/health??'])
      await assertEcho(site.ask(target), target);
    await assertEcho(site.ask('/health', { method: 'POST', body: 'x' }), '/health');
    assert.equal(site.bootstrap.calls, 0, 'an exempt request must not start the bootstrap');
    await assertDenied(site.ask('/other'), 'ERR_GATE_QUEUE_FULL');
  }),

  check('C852', 'N5', 'MUST NOT let any other spelling of an exempt path pass', async (lab) => {
    const site = await lab.open({ options: { ...nobodyWaits, exempt: ['/health'] } });
    for (const target of lookalikes) await assertDenied(site.ask(target), 'ERR_GATE_QUEUE_FULL');
    assert.deepEqual(site.app.calls, []);
    await assertEcho(site.ask('/health'), '/health');
  }),

  check(
    'C860',
    'N5',
    'MUST NOT let a spelling pass that only a URL parser makes an exempt path of',
    async (lab) => {
      const site = await lab.open({ options: { ...nobodyWaits, exempt: ['/health'] } });
      for (const target of normalised) await assertDenied(site.ask(target), 'ERR_GATE_QUEUE_FULL');
      assert.deepEqual(site.app.calls, []);
    },
    ['rawTarget'],
  ),

  check(
    'C859',
    'N5',
    'MUST NOT let an absolute-form target pass',
    async (lab) => {
      const site = await lab.open({ options: { ...nobodyWaits, exempt: ['/health'] } });
      for (const target of ['http://localhost/health', 'http://localhost/health?x', 'HTTP://localhost/health'])
        await assertDenied(site.ask(target), 'ERR_GATE_QUEUE_FULL');
      assert.deepEqual(site.app.calls, []);
      await assertEcho(site.ask('/health'), '/health');
    },
    ['http1', 'rawTarget'],
  ),

  check('C853', 'N5', 'MUST take an exempt path as it is written, trailing slash and escapes included', async (lab) => {
    const site = await lab.open({ options: { ...nobodyWaits, exempt: ['/a/', '/b%2Fc'] } });
    await assertEcho(site.ask('/a/'), '/a/');
    await assertEcho(site.ask('/b%2Fc'), '/b%2Fc');
    for (const target of ['/a', '/b/c', '/b%2fc']) await assertDenied(site.ask(target), 'ERR_GATE_QUEUE_FULL');
  }),

  check('C854', 'N5', 'MUST let exempt requests pass in every state', async (lab) => {
    const site = await lab.open({ options: { exempt: ['/health'] }, gate: { cooldownMs: 3_600_000 } });
    const passes = async (state: string): Promise<void> => {
      assert.equal(site.gate.state, state);
      await assertEcho(site.ask('/health'), '/health');
    };
    await passes('idle');
    const held = site.ask('/held');
    await site.bootstrap.started();
    await passes('booting');
    site.bootstrap.fail();
    await assertDenied(held, 'ERR_GATE_BOOTSTRAP_FAILED');
    await passes('failed');
    await site.gate.reset();
    await site.opened();
    await passes('ready');
    site.gate.drain();
    await passes('draining');
    await site.gate.close();
    await passes('closed');
  }),

  check('C855', 'N5', "MUST ask a predicate with the framework's request", async (lab) => {
    const exempt = [(req: { method?: string | undefined }) => req.method === 'DELETE'];
    const site = await lab.open({ options: { ...nobodyWaits, exempt } });
    await assertEcho(site.ask('/x', { method: 'DELETE' }), '/x');
    await assertDenied(site.ask('/x'), 'ERR_GATE_QUEUE_FULL');
  }),

  check(
    'C856',
    'N5',
    'MUST NOT take a predicate that throws or returns a promise for an exemption, and warn',
    async (lab) => {
      const throws = (): boolean => {
        throw new Error('the predicate failed');
      };
      const promises = (() => Promise.resolve(true)) as unknown as () => boolean;
      for (const predicate of [throws, promises]) {
        const site = await lab.open({ options: { ...nobodyWaits, exempt: [predicate] } });
        await assertDenied(site.ask('/x'), 'ERR_GATE_QUEUE_FULL');
        assert.deepEqual(site.app.calls, []);
      }
      assert.deepEqual(
        lab.warnings.map(({ code }) => code),
        ['GATE_CALLBACK_FAILED', 'GATE_CALLBACK_FAILED'],
      );
    },
  ),

  check(
    'C857',
    'N5',
    'MUST compare the target as received when it is mounted below a prefix',
    async (lab) => {
      const below = await lab.open({ prefix: '/api', options: { ...nobodyWaits, exempt: ['/api/health'] } });
      await assertEcho(below.ask('/api/health?x=1'), '/api/health?x=1');
      for (const target of ['/api/api/health', '/api/health/', '/api//health'])
        await assertDenied(below.ask(target), 'ERR_GATE_QUEUE_FULL');
      await assertEcho(below.ask('/elsewhere'), '/elsewhere'); // not behind this gate

      const stripped = await lab.open({ prefix: '/api', options: { ...nobodyWaits, exempt: ['/health'] } });
      await assertDenied(stripped.ask('/api/health'), 'ERR_GATE_QUEUE_FULL');
    },
    ['prefix'],
  ),

  check(
    'C858',
    'N4',
    'MUST compare health paths as received when it is mounted below a prefix',
    async (lab) => {
      const health = { ready: '/api/ready', live: '/live', startup: '/api/startup' };
      const site = await lab.open({ prefix: '/api', options: { ...nobodyWaits, health } });
      assert.equal((await site.ask('/api/ready').answer).text, 'not ok\n');
      await assertDenied(site.ask('/api/live'), 'ERR_GATE_QUEUE_FULL');
      await site.opened();
      assert.equal((await site.ask('/api/ready').answer).text, 'ok\n');
      await assertEcho(site.ask('/api/live'), '/api/live');
    },
    ['prefix'],
  ),
];
