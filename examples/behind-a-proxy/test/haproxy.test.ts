/** What is HAProxy's own: it checks the servers, and what it checks decides whether anybody is held at all. */
import { PassThrough } from 'node:stream';
import { type Changes, describeWith, startHaproxy } from './support/proxies.js';
import { ask, openShop, type OpenShop } from './support/shops.js';

const MARK = 'x-bootstrap-gate';
const quick: Changes = { 'inter 1s': 'inter 100ms' };

describeWith('haproxy', 'haproxy', () => {
  test('while nobody is ready the gates hold all requests, and answer them when they open', async () => {
    const shops = await two();
    const proxy = await startHaproxy(shops, quick);
    for (const { name } of shops) await proxy.prints(`Server shop/${name} is DOWN`);
    const replies = Array.from({ length: 50 }, () => ask(proxy, '/'));
    for (const shop of shops) await shop.holds(25);
    for (const shop of shops) await shop.open();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(shops.map(({ calls }) => calls.length)).toEqual([25, 25]);
  });

  test('wrong: a check of a path that is held marks the servers down, and every request gets a 503 of HAProxy', async () => {
    const shops = await two();
    const proxy = await startHaproxy(shops, {
      ...quick,
      'GET /readyz': 'GET /',
      'GET /livez': 'GET /',
      'timeout check 2s': 'timeout check 100ms',
    });
    for (const { name } of shops) {
      await proxy.prints(`Server shop/${name} is DOWN`);
      await proxy.prints(`Server starting/${name} is DOWN`);
    }
    const replies = await Promise.all(Array.from({ length: 50 }, () => ask(proxy, '/')));
    expect(replies.map(({ status, headers }) => [status, headers[MARK]])).toEqual(Array(50).fill([503, undefined]));
  });

  test('wrong: without the backend for the start, it refuses every request while nobody is ready', async () => {
    const shops = await two();
    const proxy = await startHaproxy(shops, { ...quick, 'use_backend starting if { nbsrv(shop) eq 0 }': '' });
    for (const { name } of shops) await proxy.prints(`Server shop/${name} is DOWN`);
    const { status, headers } = await ask(proxy, '/');
    expect([status, headers[MARK]]).toEqual([503, undefined]);
    expect(shops.map(({ gate }) => gate.state)).toEqual(['booting', 'booting']); // its checks start them
  });

  test('when one is ready it gets all requests, and nobody waits', async () => {
    const [starting, ready] = await two();
    await ready.open();
    const proxy = await startHaproxy([starting, ready], quick);
    await proxy.prints('Server shop/shop1 is DOWN');
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(proxy, '/')));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(ready.calls.length).toBe(20);
    expect(starting.gate.state).toBe('booting'); // by its checks
  });

  test('a server that drains is left out, and what it has accepted is answered', async () => {
    const [draining, other] = await two();
    await draining.open();
    const proxy = await startHaproxy([draining, other], quick);
    await proxy.prints('Server shop/shop2 is DOWN');
    const body = new PassThrough();
    const order = ask(proxy, '/orders', { method: 'POST', body });
    await draining.gets('POST /orders');
    await other.open();
    await proxy.prints('Server shop/shop2 is UP');
    draining.gate.drain();
    await proxy.prints('Server shop/shop1 is DOWN');
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask(proxy, '/')));
    expect(replies.map(({ text }) => (JSON.parse(text) as { name: string }).name)).toEqual(Array(10).fill('shop2'));
    body.end('apple');
    expect(JSON.parse((await order).text)).toMatchObject({ name: 'shop1', bytes: 5 });
  });

  test('it passes Expect: 100-continue on, so the body is sent when the gate is open', async () => {
    const shop = await openShop('shop1');
    const proxy = await startHaproxy([shop, shop]);
    const onContinue = jest.fn(() => expect(shop.gate.ready).toBe(true));
    const reply = ask(proxy, '/orders', { method: 'POST', body: Buffer.alloc(1_000), onContinue });
    await shop.holds(1);
    await shop.open();
    expect(JSON.parse((await reply).text)).toMatchObject({ bytes: 1_000 });
    expect(onContinue).toHaveBeenCalledTimes(1);
  });
});

const two = async (): Promise<[OpenShop, OpenShop]> => [await openShop('shop1'), await openShop('shop2')];
