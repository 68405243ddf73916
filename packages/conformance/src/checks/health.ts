/** N4: health answers, in every state. */
import assert from 'node:assert/strict';
import { reply } from '../application.js';
import { check } from '../check.js';
import { assertDenied, assertEcho } from '../expect.js';
import type { Site } from '../lab.js';
import type { Reply } from '../types.js';

const paths = ['/livez', '/readyz', '/startupz'];

export const healthChecks = [
  check('C801', 'N4', 'MUST answer startup, readiness and liveness by state', async (lab) => {
    const site = await lab.open({ options: { health: true }, gate: { cooldownMs: 0 } });
    await assertHealth(site, 'idle', { livez: 200 });
    assert.equal(site.bootstrap.calls, 0, 'a liveness request must not start the bootstrap');
    await assertHealth(site, 'idle', { startupz: 503 }); // it starts the bootstrap: a pod that is only ever probed becomes ready
    await site.bootstrap.started();
    await assertHealth(site, 'booting', { startupz: 503, readyz: 503, livez: 200 });
    const refused = assert.rejects(site.gate.ensureReady());
    site.bootstrap.fail();
    await refused;
    await assertHealth(site, 'failed', { livez: 200, readyz: 503 });
    await site.bootstrap.started(2);
    site.bootstrap.succeed();
    await site.gate.ensureReady();
    await assertHealth(site, 'ready', { startupz: 200, readyz: 200, livez: 200 });
    site.gate.drain();
    await assertHealth(site, 'draining', { startupz: 200, readyz: 503, livez: 200 });
    await site.gate.reset();
    await assertHealth(site, 'idle', { livez: 200 });
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

  check('C805', 'N4', 'MUST say ok or not ok and nothing else, to any client, and never cached', async (lab) => {
    const site = await lab.open({ options: { health: true, expose: true, waitingPage: true } });
    const conditions = { 'If-None-Match': '*', Range: 'bytes=0-0', Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };
    const assertPlain = async (path: string, status: number): Promise<void> => {
      const answer = await site.ask(path, { headers: conditions }).answer;
      assert.deepEqual([answer.status, answer.text], [status, status === 200 ? 'ok\n' : 'not ok\n']);
      assert.match(String(answer.headers['content-type']), /^text\/plain\b/, 'Content-Type of a health answer');
      const validators = ['etag', 'last-modified', 'set-cookie'].filter((name) => name in answer.headers);
      assert.deepEqual(validators, [], 'a health answer is nothing to come back to');
      const head = await site.ask(path, { method: 'HEAD', headers: conditions }).answer;
      assert.deepEqual([head.status, head.text], [status, '']);
      for (const name of ['content-type', 'content-length', 'cache-control'])
        assert.equal(head.headers[name], answer.headers[name], `${name} of HEAD and GET`);
    };
    for (const path of paths) await assertPlain(path, path === '/livez' ? 200 : 503);
    await site.opened();
    for (const path of paths) await assertPlain(path, 200);
  }),

  check(
    'C806',
    'N4',
    'MUST answer health where the application has that path too, and leave it the rest',
    async (lab) => {
      const own = (): Reply => reply('of the application');
      const routes = Object.fromEntries(paths.map((path) => [path, own]));
      const site = await lab.open({ routes, options: { health: true, exempt: paths } });
      const assertShared = async (text: string): Promise<void> => {
        assert.equal((await site.ask('/readyz').answer).text, text);
        assert.equal((await site.ask('/livez').answer).text, 'ok\n');
        const posted = await site.ask('/readyz', { method: 'POST', body: 'x' }).answer;
        assert.equal(posted.text, 'of the application', 'other methods are not about health');
      };
      await assertShared('not ok\n');
      await site.opened();
      await assertShared('ok\n');
      assert.deepEqual(site.app.calls, ['/readyz', '/readyz']);
    },
  ),

  check('C807', 'N4', 'MUST answer health when no place is left, and count it nowhere', async (lab) => {
    const site = await lab.open({ options: { health: true, maxWaiting: 1 } });
    const held = site.ask('/held');
    await site.held(1);
    await assertDenied(site.ask('/too-many'), 'ERR_GATE_QUEUE_FULL');
    for (const path of paths) assert.equal((await site.ask(path).answer).status, path === '/livez' ? 200 : 503);
    const { admitted, denied, held: waiting } = site.gate.report();
    assert.deepEqual({ admitted, denied, waiting }, { admitted: 0, denied: 1, waiting: 1 });
    site.bootstrap.succeed();
    await assertEcho(held, '/held');
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
