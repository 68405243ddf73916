/** H1: nothing of a held request is lost. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { reply, sha256 } from '../application.js';
import { check } from '../check.js';
import { assertDenied, assertEcho } from '../expect.js';

const FIVE_MB = 5 * 1024 * 1024;

export const uploadChecks = [
  check('C301', 'H1', 'MUST keep method, target and headers of a held request as they came', async (lab) => {
    const site = await lab.open();
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    const target = '/a%20path/?q=%C3%A9&q=2';
    const headers = { 'X-Custom': 'Some Value', Cookie: 'a=1; b=2', Authorization: 'Bearer token' };
    const exchanges = methods.map((method) => site.ask(target, { method, headers }));
    await site.held(methods.length);
    site.bootstrap.succeed();
    for (const [i, exchange] of exchanges.entries()) {
      const echo = await assertEcho(exchange, target);
      assert.equal(echo.method, methods[i]);
      for (const [name, value] of Object.entries(headers)) assert.equal(echo.headers[name.toLowerCase()], value);
    }
  }),

  check('C302', 'H1', 'MUST deliver a held POST of 5 MB once, byte for byte', async (lab) => {
    const site = await lab.open();
    const body = randomBytes(FIVE_MB);
    const exchange = site.ask('/upload', { method: 'POST', body });
    await site.held(1);
    site.bootstrap.succeed();
    const echo = await assertEcho(exchange, '/upload');
    assert.equal(echo.bytes, FIVE_MB, `all bytes must arrive, not ${echo.bytes}`);
    assert.equal(echo.sha256, sha256(body));
    assert.deepEqual(site.app.calls, ['/upload']);
  }),

  check('C303', 'H1', 'MUST deliver an upload that begins before the gate opens and ends after it', async (lab) => {
    const site = await lab.open();
    const parts = [randomBytes(100_000), randomBytes(100_000), randomBytes(100_000)] as const;
    const body = new PassThrough();
    const exchange = site.ask('/upload', { method: 'POST', body });
    body.write(parts[0]);
    await site.held(1);
    body.write(parts[1]);
    site.bootstrap.succeed();
    await site.app.reached('/upload');
    body.end(parts[2]);
    const echo = await assertEcho(exchange, '/upload');
    assert.equal(echo.bytes, 300_000);
    assert.equal(echo.sha256, sha256(Buffer.concat(parts)));
  }),

  check('C304', 'H1', 'MUST hold and serve a request whose body was read in front of the gate', async (lab) => {
    const site = await lab.open({ bodyFirst: true });
    const body = randomBytes(200_000);
    const exchange = site.ask('/upload', { method: 'POST', body, headers: { 'X-Store': 'own' } });
    await site.held(1);
    const plain = site.ask('/plain');
    await site.held(2);
    site.bootstrap.succeed();
    const echo = await assertEcho(exchange, '/upload');
    assert.equal(echo.sha256, sha256(body));
    assert.equal(echo.store, 'own');
    await assertEcho(plain, '/plain');
    assert.deepEqual(site.app.calls, ['/upload', '/plain']);
  }),

  check('C305', 'H1', 'MUST NOT let a denied request reach the application, also not later', async (lab) => {
    const site = await lab.open({ options: { waitTimeoutMs: 20 } });
    const body = randomBytes(1000);
    await assertDenied(site.ask('/too-long', { method: 'POST', body }), 'ERR_GATE_WAIT_TIMEOUT');
    site.bootstrap.succeed();
    await lab.until('an open gate', () => site.gate.ready);
    await assertEcho(site.ask('/after'), '/after');
    assert.deepEqual(site.app.calls, ['/after']);
  }),

  check('C306', 'H1', 'MUST hold a CORS preflight and give it the answer of the application', async (lab) => {
    const allowed = { 'Access-Control-Allow-Origin': 'https://site.example', 'Access-Control-Allow-Methods': 'PUT' };
    const site = await lab.open({ routes: { '/api': () => reply('', allowed, 204) } });
    const headers = { Origin: 'https://site.example', 'Access-Control-Request-Method': 'PUT' };
    const exchange = site.ask('/api', { method: 'OPTIONS', headers });
    await site.held(1);
    site.bootstrap.succeed();
    const answer = await exchange.answer;
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['access-control-allow-origin'], 'https://site.example');
    assert.equal(answer.headers['access-control-allow-methods'], 'PUT');
    assert.deepEqual(site.app.calls, ['/api']);
  }),
];
