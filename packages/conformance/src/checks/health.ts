/** N4: health answers, in every state. */
import assert from 'node:assert/strict';
import { check } from '../check.js';
import { assertDenied, assertEcho } from '../expect.js';
import type { Site } from '../lab.js';

export const healthChecks = [
  check('C801', 'N4', 'MUST answer startup, readiness and liveness by state', async (lab) => {
    const site = await lab.open({ options: { health: true }, gate: { cooldownMs: 0 } });
    await assertHealth(site, 'idle', { startupz: 503, readyz: 503, livez: 200 });
    assert.equal(site.bootstrap.calls, 0, 'a health request must not start the bootstrap');
    const refused = assert.rejects(site.gate.ensureReady());
    await assertHealth(site, 'booting', { startupz: 503, readyz: 503, livez: 200 });
    site.bootstrap.fail();
    await refused;
    await assertHealth(site, 'failed', { startupz: 503, readyz: 503, livez: 200 });
    const ready = site.gate.ensureReady();
    await site.bootstrap.started(2);
    site.bootstrap.succeed();
    await ready;
    await assertHealth(site, 'ready', { startupz: 200, readyz: 200, livez: 200 });
    site.gate.drain();
    await assertHealth(site, 'draining', { startupz: 200, readyz: 503, livez: 200 });
    await site.gate.reset();
    await assertHealth(site, 'idle', { startupz: 200, readyz: 503, livez: 200 });
    await site.gate.close();
    await assertHealth(site, 'closed', { startupz: 200, readyz: 503, livez: 200 });
    assert.deepEqual(site.app.calls, []);
  }),

  check('C802', 'N4', 'MUST take GET and HEAD with any query for health, and no other method', async (lab) => {
    const site = await lab.open({ options: { health: true, maxWaiting: 0 } });
    assert.equal((await site.ask('/livez?verbose=1').answer).status, 200);
    const head = await site.ask('/livez', { method: 'HEAD' }).answer;
    assert.deepEqual([head.status, head.text], [200, '']);
    await assertDenied(site.ask('/livez', { method: 'POST' }), 'ERR_GATE_QUEUE_FULL');
    await assertDenied(site.ask('/livez/'), 'ERR_GATE_QUEUE_FULL');
    await assertDenied(site.ask('/LIVEZ'), 'ERR_GATE_QUEUE_FULL');
    await site.opened();
    await assertEcho(site.ask('/livez', { method: 'POST' }), '/livez');
  }),

  check('C803', 'N4', 'MUST answer health on the configured paths only', async (lab) => {
    const health = { live: '/a/live', ready: '/a/ready', startup: '/a/startup' };
    const site = await (await lab.open({ options: { health } })).opened();
    for (const path of Object.values(health)) assert.equal((await site.ask(path).answer).text, 'ok\n');
    await assertEcho(site.ask('/readyz'), '/readyz');
    await assertEcho(site.ask('/livez'), '/livez');
  }),

  check('C804', 'N4', 'MUST leave health paths to the application when health is off', async (lab) => {
    const site = await lab.open({ options: { maxWaiting: 0 } });
    await assertDenied(site.ask('/readyz'), 'ERR_GATE_QUEUE_FULL');
    await site.opened();
    await assertEcho(site.ask('/readyz'), '/readyz');
  }),
];

async function assertHealth(site: Site, state: string, expected: Readonly<Record<string, number>>): Promise<void> {
  assert.equal(site.gate.state, state);
  for (const [path, status] of Object.entries(expected)) {
    const answer = await site.ask(`/${path}`).answer;
    assert.equal(answer.status, status, `${path} in state ${state}`);
    assert.match(String(answer.headers['cache-control']), /no-store/, 'Cache-Control of a health answer');
    assert.equal(answer.headers['x-bootstrap-gate'], undefined, 'a health answer is no denial');
  }
}
