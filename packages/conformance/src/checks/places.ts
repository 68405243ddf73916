/** H2 to H4: how many wait, who has gone, and in which order they are let in. */
import assert from 'node:assert/strict';
import { check } from '../check.js';
import { assertDenied, assertEcho, assertServed } from '../expect.js';
import type { Application, Incoming } from '../types.js';
import { deferred, turn } from '../wait.js';

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `/request/${i}`);

export const placeChecks = [
  check('C401', 'H2', 'MUST deny at once beyond maxWaiting', async (lab) => {
    const site = await lab.open({ options: { maxWaiting: 4 } });
    const held = await site.askInTurn(numbered(4));
    await assertDenied(site.ask('/fifth'), 'ERR_GATE_QUEUE_FULL');
    await site.held(4);
    site.bootstrap.succeed();
    await Promise.all(held.map(assertServed));
    assert.deepEqual(site.app.calls, numbered(4));
  }),

  check('C402', 'H2', 'MUST give the place of a client that has left to another', async (lab) => {
    const site = await lab.open({ options: { maxWaiting: 2 } });
    const [first, second] = await site.askInTurn(['/first', '/second']);
    first!.leave();
    await lab.until('a free place', () => site.gate.waiting === 1);
    const third = site.ask('/third');
    await site.held(2);
    await assertDenied(site.ask('/fourth'), 'ERR_GATE_QUEUE_FULL');
    site.bootstrap.succeed();
    await assertEcho(second!, '/second');
    await assertEcho(third, '/third');
  }),

  check('C403', 'H2', 'MUST start the bootstrap also for a request that finds no place', async (lab) => {
    const site = await lab.open({ options: { maxWaiting: 0 } });
    await assertDenied(site.ask('/first'), 'ERR_GATE_QUEUE_FULL');
    await site.bootstrap.started();
    site.bootstrap.succeed();
    await lab.until('an open gate', () => site.gate.ready);
    await assertEcho(site.ask('/second'), '/second');
    assert.deepEqual(site.app.calls, ['/second']);
  }),

  check('C404', 'H3', 'MUST never run the application for a client that left while held', async (lab) => {
    const site = await lab.open();
    const [gone, stays] = await site.askInTurn(['/gone', '/stays']);
    gone!.leave();
    await lab.until('the end of the client that left', () => site.gate.waiting === 1);
    site.bootstrap.succeed();
    await assertEcho(stays!, '/stays');
    assert.deepEqual(site.app.calls, ['/stays']);
  }),

  check(
    'C405',
    'H3',
    'MUST never run the application for a connection that was reset while held',
    async (lab) => {
      const site = await lab.open();
      const raw = site.raw();
      raw.ask('/gone').catch(() => {}); // nobody is there any more
      await site.held(1);
      const stays = site.ask('/stays');
      await site.held(2);
      raw.reset();
      await lab.until('the end of the connection', () => site.gate.waiting === 1);
      site.bootstrap.succeed();
      await assertEcho(stays, '/stays');
      assert.deepEqual(site.app.calls, ['/stays']);
    },
    ['http1'],
  ),

  check('C406', 'H3', 'MUST notice a client that leaves after its body was read in front of the gate', async (lab) => {
    const site = await lab.open({ bodyFirst: true });
    const gone = site.ask('/gone', { method: 'POST', body: 'read already' });
    await site.held(1);
    gone.leave();
    await lab.until('the end of the client that left', () => site.gate.waiting === 0);
    site.bootstrap.succeed();
    await lab.until('an open gate', () => site.gate.ready);
    await assertEcho(site.ask('/next'), '/next');
    assert.deepEqual(site.app.calls, ['/next']);
  }),

  check('C410', 'H3', 'MUST neither hold nor run a request whose client left in front of the gate', async (lab) => {
    const passed = deferred();
    const inFront = async (req: Incoming): Promise<void> => {
      if (req.url !== '/gone') return;
      const gone = new Promise((resolve) => whenLeft(req, resolve));
      passed.resolve();
      await gone;
      left.resolve();
    };
    const left = deferred();
    const site = await lab.open({ inFront });
    const gone = site.ask('/gone');
    await passed.promise;
    gone.leave();
    await left.promise;
    await turn(); // now it has come to the gate
    assert.equal(site.gate.waiting, 0);
    await site.opened();
    await assertEcho(site.ask('/next'), '/next');
    assert.deepEqual(site.app.calls, ['/next']);
  }),

  check('C407', 'H4', 'MUST let requests in in the order of their arrival', async (lab) => {
    const site = await lab.open();
    const exchanges = await site.askInTurn(numbered(80));
    site.bootstrap.succeed();
    await Promise.all(exchanges.map(assertServed));
    assert.deepEqual(site.app.calls, numbered(80), 'requests must be let in in the order of their arrival');
  }),

  check('C408', 'H4', 'MUST leave the event loop free for other work while it lets a crowd in', async (lab) => {
    const site = await lab.open({ routes: { '/first': (req) => whenFirst(req) } });
    let servedBefore: number | undefined;
    const whenFirst: Application = (req) => {
      setImmediate(() => (servedBefore = site.app.calls.length));
      return site.app.echo(req);
    };
    const exchanges = await site.askInTurn(['/first', ...numbered(99)]);
    site.bootstrap.succeed();
    await Promise.all(exchanges.map(assertServed));
    const waitedFor = servedBefore ?? exchanges.length;
    assert.ok(waitedFor < exchanges.length, `other work had to wait for ${waitedFor} requests`);
  }),

  check('C409', 'H4', 'MUST go on letting others in when a handler throws or rejects', async (lab) => {
    const site = await lab.open();
    const [first, throws, second, rejects, third] = await site.askInTurn(['/1', '/throw', '/2', '/reject', '/3']);
    site.bootstrap.succeed();
    await assertEcho(first!, '/1');
    await assertEcho(second!, '/2');
    await assertEcho(third!, '/3');
    assert.equal((await throws!.answer).status, 500);
    assert.equal((await rejects!.answer).status, 500);
    assert.deepEqual(site.app.calls, ['/1', '/throw', '/2', '/reject', '/3']);
  }),
];

/** Calls back when the client of this request has left, by what the request has to tell it. */
function whenLeft(req: Incoming, call: (value: unknown) => void): void {
  if (req.once) req.once('close', () => call(undefined));
  else req.signal?.addEventListener('abort', call);
}
