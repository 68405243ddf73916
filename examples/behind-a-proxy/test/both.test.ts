/** What nginx and HAProxy have in common, with the settings of this folder; and next to it, what goes wrong with others. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import {
  type Changes,
  describeWith,
  type Proxy,
  startHaproxy,
  startNginx,
  type StartProxy,
} from './support/proxies.js';
import { ask, atEnd, openShop, type OpenShop } from './support/shops.js';

interface Case {
  readonly program: 'nginx' | 'haproxy';
  readonly debianPackage: string;
  readonly start: StartProxy;
  /** Less patient than the gate. */
  readonly impatient: Changes;
  /** Has not noticed yet that a server is no longer ready. */
  readonly unaware: Changes;
  /** Resolves when it has noticed that both servers are ready. */
  readonly hasNoticed: (proxy: Proxy) => Promise<unknown>;
  /** Sends every request again, whatever its method. */
  readonly careless: Changes;
}

const cases: readonly Case[] = [
  {
    program: 'nginx',
    debianPackage: 'nginx-light',
    start: startNginx,
    impatient: { 'proxy_read_timeout 30s': 'proxy_read_timeout 200ms' },
    unaware: {},
    hasNoticed: async () => {}, // it never looks
    careless: { 'error http_503;': 'error http_503 non_idempotent;' },
  },
  {
    program: 'haproxy',
    debianPackage: 'haproxy',
    start: startHaproxy,
    impatient: { 'timeout server 30s': 'timeout server 200ms' },
    unaware: { 'fall 1': 'fall 1000' },
    hasNoticed: ({ prints }) =>
      Promise.all(['shop1', 'shop2'].map((name) => prints(`Health check for server shop/${name} succeeded`))),
    careless: { 'http-request disable-l7-retry if !{ method GET HEAD }': '' },
  },
];

const MARK = 'x-bootstrap-gate';

for (const { program, debianPackage, start, impatient, unaware, hasNoticed, careless } of cases) {
  describeWith(program, debianPackage, () => {
    test('a request is held with its body until the gate opens, then answered once', async () => {
      const shop = await openShop('shop1');
      const proxy = await start([shop, shop]);
      const body = randomBytes(300_000);
      const reply = ask(proxy, '/or%2Fders//1?a=%2F..//b', { method: 'POST', body });
      await shop.holds(1);
      await shop.open();
      const { status, headers, text } = await reply;
      expect([status, headers[MARK]]).toEqual([200, undefined]);
      expect(JSON.parse(text)).toMatchObject({
        bytes: 300_000,
        sha256: createHash('sha256').update(body).digest('hex'),
      });
      expect(shop.calls).toEqual(['POST /or%2Fders//1?a=%2F..//b']);
    });

    test('a denial arrives with everything that it says', async () => {
      const shop = await openShop('shop1', { waitTimeoutMs: 100 });
      const proxy = await start([shop, shop]);
      const { status, headers, text } = await ask(proxy, '/orders', { method: 'POST' });
      expect(status).toBe(503);
      expect(headers).toMatchObject({ [MARK]: 'not-started', 'retry-after': '1', 'cache-control': 'no-store' });
      expect(headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(text)).toMatchObject({ code: 'ERR_GATE_WAIT_TIMEOUT' });
    });

    test('wrong: a time limit that is shorter than the hold makes a 504 that says nothing of the gate', async () => {
      const shop = await openShop('shop1');
      const proxy = await start([shop, shop], impatient);
      const { status, headers } = await ask(proxy, '/orders', { method: 'POST' });
      expect([status, headers[MARK], headers['retry-after']]).toEqual([504, undefined, undefined]);
      await shop.holds(0);
      await shop.open();
      expect(shop.calls).toEqual([]);
    });

    test('what one server denies is asked of the other, unless it is a POST', async () => {
      const shops = await bothOpen();
      const proxy = await start(shops, unaware);
      await hasNoticed(proxy);
      const [denying] = shops;
      await denying.gate.close();
      const gets = await Promise.all(Array.from({ length: 8 }, () => ask(proxy, '/cities')));
      expect(gets.map(({ status }) => status)).toEqual(Array(8).fill(200));
      const posts = [];
      for (let i = 0; i < 8; i++) posts.push(await ask(proxy, '/orders', { method: 'POST' }));
      const denied = posts.filter(({ status }) => status === 503);
      expect(denied.map(({ headers }) => headers[MARK])).toEqual(Array(4).fill('not-started'));
      expect(denying.calls).toEqual([]);
    });

    test("the application's own 503 to a POST is not repeated", async () => {
      const shops = await bothOpen();
      const proxy = await start(shops);
      expect(await ask(proxy, '/full', { method: 'POST' })).toMatchObject({ status: 503 });
      expect(shops.flatMap(({ calls }) => calls)).toEqual(['POST /full']);
    });

    test('wrong: repeating every 503 repeats a POST that the application has seen', async () => {
      const shops = await bothOpen();
      const proxy = await start(shops, careless);
      await ask(proxy, '/full', { method: 'POST' });
      expect(shops.flatMap(({ calls }) => calls)).toEqual(['POST /full', 'POST /full']);
    });

    test('a WebSocket is held until the gate opens', async () => {
      const shop = await openShop('shop1');
      const proxy = await start([shop, shop]);
      const socket = new WebSocket(`ws+unix:${proxy.socketPath}:/chat`);
      atEnd(() => socket.terminate());
      const opened = once(socket, 'open');
      await shop.holds(1);
      await shop.open();
      await opened;
      socket.send('hello');
      expect(String((await once(socket, 'message'))[0])).toBe('shop1 heard hello');
    });

    test('a denied WebSocket gets the 503 as the answer to its handshake', async () => {
      const shop = await openShop('shop1', { waitTimeoutMs: 100 });
      const proxy = await start([shop, shop]);
      const socket = new WebSocket(`ws+unix:${proxy.socketPath}:/chat`);
      atEnd(() => socket.on('error', () => {}).terminate());
      const [, response] = await once(socket, 'unexpected-response');
      const { statusCode, headers } = response as IncomingMessage;
      expect([statusCode, headers[MARK]]).toEqual([503, 'not-started']);
    });
  });
}

async function bothOpen(): Promise<[OpenShop, OpenShop]> {
  const shops: [OpenShop, OpenShop] = [await openShop('shop1'), await openShop('shop2')];
  for (const shop of shops) await shop.open();
  return shops;
}
