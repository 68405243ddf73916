/** What is nginx's own. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { describeWith, startNginx } from './support/proxies.js';
import { ask, atEnd, openShop } from './support/shops.js';

const MARK = 'x-bootstrap-gate';

describeWith('nginx', 'nginx-light', () => {
  test('denials do not keep the next request from a server that is open', async () => {
    const shops = await twoFull();
    const proxy = await startNginx(shops);
    for (let i = 0; i < 3; i++) {
      expect(await ask(proxy, '/')).toMatchObject({ status: 503, headers: { [MARK]: 'not-started' } });
    }
    for (const shop of shops) await shop.open();
    expect(await ask(proxy, '/')).toMatchObject({ status: 200 });
  });

  test('wrong: without max_fails=0 it takes denials for failures, and then there is nobody to ask', async () => {
    const shops = await twoFull();
    const proxy = await startNginx(shops, { ' max_fails=0': '' });
    expect(await ask(proxy, '/')).toMatchObject({ status: 503, headers: { [MARK]: 'not-started' } });
    expect(await ask(proxy, '/')).toMatchObject({ status: 502 });
    for (const shop of shops) await shop.open();
    const { status, headers } = await ask(proxy, '/');
    expect([status, headers[MARK]]).toEqual([502, undefined]); // for the ten seconds of fail_timeout
    expect(shops.flatMap(({ calls }) => calls)).toEqual([]);
  });

  test('a GET that has waited at one server does not wait at the next one', async () => {
    const shops = await twoImpatient();
    const proxy = await startNginx(shops, { 'proxy_next_upstream_timeout 5s': 'proxy_next_upstream_timeout 50ms' });
    expect(await ask(proxy, '/')).toMatchObject({ status: 503, headers: { [MARK]: 'not-started' } });
    expect(shops.map(({ gate }) => gate.report().denied).sort()).toEqual([0, 1]);
  });

  test('wrong: without proxy_next_upstream_timeout it waits at every server in turn', async () => {
    const shops = await twoImpatient();
    const proxy = await startNginx(shops, { 'proxy_next_upstream_timeout 5s;': '' });
    expect(await ask(proxy, '/')).toMatchObject({ status: 503 });
    expect(shops.map(({ gate }) => gate.report().denied)).toEqual([1, 1]);
  });

  test('wrong: with a path in proxy_pass the request target is not the one that was sent', async () => {
    const shop = await openShop('shop1');
    await shop.open();
    await ask(await startNginx([shop, shop], { 'http://shop;': 'http://shop/;' }), '/a%2Fb//c');
    expect(shop.calls).toEqual(['GET /a/b/c']);
  });

  test('it answers Expect: 100-continue itself, and the request waits with its body', async () => {
    const shop = await openShop('shop1');
    const proxy = await startNginx([shop, shop]);
    const onContinue = jest.fn();
    const reply = ask(proxy, '/orders', { method: 'POST', body: Buffer.alloc(1_000), onContinue });
    await shop.holds(1);
    expect(onContinue).toHaveBeenCalledTimes(1);
    await shop.open();
    expect(JSON.parse((await reply).text)).toMatchObject({ bytes: 1_000 });
  });

  test('wrong: a proxy_send_timeout that is shorter than the hold makes a 504 of a large body', async () => {
    const shop = await openShop('shop1');
    const proxy = await startNginx([shop, shop], {
      'proxy_read_timeout 30s;': 'proxy_read_timeout 30s; proxy_send_timeout 200ms; client_max_body_size 64m;',
    });
    const reply = await ask(proxy, '/orders', { method: 'POST', body: Buffer.alloc(32_000_000) });
    expect([reply.status, reply.headers[MARK]]).toEqual([504, undefined]);
    expect(shop.calls).toEqual([]);
  });

  test('wrong: an error page of its own takes the place of the denial, and of what it says', async () => {
    const shop = await openShop('shop1', { maxWaiting: 0 });
    const changes = { 'location / {': 'error_page 503 /sorry.html; location / { proxy_intercept_errors on;' };
    const { status, headers } = await ask(await startNginx([shop, shop], changes), '/', { method: 'POST' });
    expect([status, headers[MARK], headers['retry-after']]).toEqual([503, undefined, undefined]);
  });

  test('wrong: without the Upgrade header a WebSocket is an ordinary request', async () => {
    const shop = await openShop('shop1');
    await shop.open();
    const proxy = await startNginx([shop, shop], { 'proxy_set_header Upgrade $http_upgrade;': '' });
    const socket = new WebSocket(`ws+unix:${proxy.socketPath}:/chat`);
    atEnd(() => socket.on('error', () => {}).terminate());
    await once(socket, 'unexpected-response');
    expect(shop.calls).toEqual(['GET /chat']);
  });
});

/** Both deny at once, until they are opened. */
const twoFull = async () => [
  await openShop('shop1', { maxWaiting: 0 }), //
  await openShop('shop2', { maxWaiting: 0 }),
];

/** Both hold a request for a while, and then deny it. */
const twoImpatient = async () => [
  await openShop('shop1', { waitTimeoutMs: 200 }), //
  await openShop('shop2', { waitTimeoutMs: 200 }),
];
