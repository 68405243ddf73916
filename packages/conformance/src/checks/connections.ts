/** H6, H7: several requests on one connection, and the end of a server. */
import assert from 'node:assert/strict';
import { check } from '../check.js';
import { assertDenialHead, assertDenied, assertEcho, assertServed } from '../expect.js';

export const connectionChecks = [
  check(
    'C501',
    'H6',
    'MUST leave the connection of a held request usable for the next one',
    async (lab) => {
      const site = await lab.open();
      const raw = site.raw();
      const first = raw.ask('/first');
      await site.held(1);
      site.bootstrap.succeed();
      await assertEcho(first, '/first');
      await assertEcho(raw.ask('/second'), '/second');
    },
    ['http1'],
  ),

  check(
    'C502',
    'H6',
    'MUST leave the connection of a denied request usable for the next one',
    async (lab) => {
      const site = await lab.open({ options: { waitTimeoutMs: 20 } });
      const raw = site.raw();
      await assertDenied(raw.ask('/first'), 'ERR_GATE_WAIT_TIMEOUT');
      site.bootstrap.succeed();
      await lab.until('an open gate', () => site.gate.ready);
      await assertEcho(raw.ask('/second'), '/second');
    },
    ['http1'],
  ),

  check(
    'C503',
    'H6',
    'MUST answer a held HEAD request without a body',
    async (lab) => {
      const site = await lab.open();
      const raw = site.raw();
      const head = raw.ask('/head', { method: 'HEAD' });
      await site.held(1);
      site.bootstrap.succeed();
      await assertServed(head);
      await assertEcho(raw.ask('/next'), '/next'); // would not be understood after a body
    },
    ['http1'],
  ),

  check(
    'C504',
    'H6',
    'MUST deny a HEAD request without a body',
    async (lab) => {
      const site = await lab.open({ options: { waitTimeoutMs: 20 } });
      const raw = site.raw();
      const { headers, status } = await raw.ask('/head', { method: 'HEAD' });
      assertDenialHead({ headers, status });
      site.bootstrap.succeed();
      await lab.until('an open gate', () => site.gate.ready);
      await assertEcho(raw.ask('/next'), '/next'); // would not be understood after a body
    },
    ['http1'],
  ),

  check(
    'C505',
    'H6',
    'MUST answer 200 pipelined requests in order, each once',
    async (lab) => {
      const site = await lab.open();
      const raw = site.raw();
      const targets = Array.from({ length: 200 }, (_, i) => `/pipelined/${i}`);
      const answers = targets.map((target) => raw.ask(target));
      await site.held(200);
      site.bootstrap.succeed();
      for (const [i, answer] of answers.entries()) await assertEcho(answer, targets[i] ?? '');
      assert.deepEqual(site.app.calls, targets);
    },
    ['http1'],
  ),

  check(
    'C506',
    'H2',
    'MUST hold no more than a quarter of the places for one connection',
    async (lab) => {
      const site = await lab.open({ options: { maxWaiting: 10 } });
      const raw = site.raw();
      const answers = Array.from({ length: 5 }, (_, i) => raw.ask(`/pipelined/${i}`));
      await site.held(2);
      const other = site.ask('/other');
      await site.held(3);
      site.bootstrap.succeed();
      for (const [i, answer] of answers.entries()) {
        if (i < 2) await assertEcho(answer, `/pipelined/${i}`);
        else await assertDenied(answer, 'ERR_GATE_QUEUE_FULL');
      }
      await assertEcho(other, '/other');
      assert.deepEqual(site.app.calls, ['/pipelined/0', '/pipelined/1', '/other']);
    },
    ['http1', 'connection'],
  ),

  check(
    'C507',
    'H3',
    'MUST never run the application for pipelined requests whose client left',
    async (lab) => {
      const site = await lab.open();
      const raw = site.raw();
      for (let i = 0; i < 5; i++) raw.ask(`/gone/${i}`).catch(() => {}); // nobody is there any more
      await site.held(5);
      raw.leave();
      await lab.until('the end of the client that left', () => site.gate.waiting === 0);
      site.bootstrap.succeed();
      await lab.until('an open gate', () => site.gate.ready);
      await assertEcho(site.ask('/next'), '/next');
      assert.deepEqual(site.app.calls, ['/next']);
    },
    ['http1', 'connection'],
  ),

  check(
    'C508',
    'H6',
    'MUST hold and serve many streams of one HTTP/2 session',
    async (lab) => {
      const site = await lab.open();
      const session = site.session();
      const targets = Array.from({ length: 50 }, (_, i) => `/stream/${i}`);
      const exchanges = targets.map((target) => session.ask(target));
      await site.held(50);
      site.bootstrap.succeed();
      for (const [i, exchange] of exchanges.entries()) await assertEcho(exchange, targets[i] ?? '');
      assert.deepEqual(site.app.calls, targets);
    },
    ['http2'],
  ),

  check(
    'C509',
    'H2',
    "MUST deny streams beyond one HTTP/2 session's share at once",
    async (lab) => {
      const site = await lab.open({ options: { maxWaiting: 10 } });
      const session = site.session();
      const exchanges = [session.ask('/1'), session.ask('/2'), session.ask('/3')] as const;
      await assertDenied(exchanges[2], 'ERR_GATE_QUEUE_FULL');
      await site.held(2);
      const other = site.ask('/other');
      await site.held(3);
      site.bootstrap.succeed();
      await assertEcho(exchanges[0], '/1');
      await assertEcho(exchanges[1], '/2');
      await assertEcho(other, '/other');
    },
    ['http2', 'connection'],
  ),

  check(
    'C510',
    'H3',
    'MUST drop a stream that its client resets, and only that one',
    async (lab) => {
      const site = await lab.open();
      const session = site.session();
      const [gone, stays] = [session.ask('/gone'), session.ask('/stays')] as const;
      await site.held(2);
      gone.leave();
      await lab.until('the end of the stream', () => site.gate.waiting === 1);
      site.bootstrap.succeed();
      await assertEcho(stays, '/stays');
      assert.deepEqual(site.app.calls, ['/stays']);
    },
    ['http2'],
  ),

  check('C511', 'H7', 'MUST let the server close: closing the gate ends what is held', async (lab) => {
    const site = await lab.open();
    const exchange = site.ask('/held');
    await site.held(1);
    const closed = site.closeServer();
    await site.gate.close();
    await assertDenied(exchange, 'ERR_GATE_CLOSED');
    await closed;
    assert.deepEqual(site.app.calls, []);
  }),

  check(
    'C512',
    'H7',
    'MUST tell the client of a closed gate that its connection ends',
    async (lab) => {
      const site = await lab.open();
      const raw = site.raw();
      const held = raw.ask('/held');
      await site.held(1);
      await site.gate.close();
      const { answer } = await assertDenied(held, 'ERR_GATE_CLOSED');
      assert.equal(answer.headers['connection'], 'close');
      await raw.ended;
    },
    ['http1'],
  ),

  check(
    'C513',
    'H7',
    'MUST end the HTTP/2 session of a stream that a closed gate denies',
    async (lab) => {
      const site = await lab.open();
      const session = site.session();
      const held = session.ask('/held');
      await site.held(1);
      await site.gate.close();
      await assertDenied(held, 'ERR_GATE_CLOSED');
      await session.ended;
    },
    ['http2'],
  ),
];
