import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, createServer as createNetServer } from 'node:net';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { atEnd, dial, listen, send } from './support/network.js';
import { type Deferred, deferred, held } from './support/waiting.js';

/** So many requests, held in this order. */
async function herd(port: number, gate: { waiting: number }, count: number): Promise<void> {
  const sockets = Math.min(count, 20);
  for (let i = 0, sent = 0; i < sockets; i++) {
    const share = Math.ceil((count - sent) / (sockets - i));
    const lines = Array.from({ length: share }, (_, n) => `GET /${sent + n} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await dial(port, lines.join(''));
    sent += share;
    await held(gate as Parameters<typeof held>[0], sent);
  }
}

const doors = [
  [
    'bootstrapGate',
    (listener: RequestListener, boot: Deferred<void>, options: object) => {
      const gated = bootstrapGate(listener, { bootstrap: () => boot.promise, ...options });
      return { server: createServer(gated), gate: gated.gate };
    },
  ],
  [
    'gateServer',
    (listener: RequestListener, boot: Deferred<void>, options: object) => {
      const server = createServer(listener);
      return { server, gate: gateServer(server, { bootstrap: () => boot.promise, ...options }) };
    },
  ],
] as const;

describe.each(doors)('%s', (_name, put) => {
  const setUp = async (listener: RequestListener, options: object = {}) => {
    const boot = deferred();
    const { server, gate } = put(listener, boot, options);
    return { boot, gate, port: await listen(server) };
  };

  test('H4: the held requests are released in the order of their arrival', async () => {
    const served: string[] = [];
    const done = deferred();
    const { boot, gate, port } = await setUp((req, res) => {
      res.end();
      if (served.push(req.url ?? '') === 200) done.resolve();
    });
    await herd(port, gate, 200);
    boot.resolve();
    await done.promise;
    expect(served).toEqual(Array.from({ length: 200 }, (_, i) => `/${i}`));
  });

  test('H4: between the slices of a release other work of the event loop is done', async () => {
    const order: string[] = [];
    const done = deferred();
    const echo = createNetServer((socket) => socket.pipe(socket));
    const side = connect(await listen(echo), '127.0.0.1');
    atEnd(() => side.destroy());
    await once(side, 'connect');
    side.on('data', () => order.push('input and output'));
    const { boot, gate, port } = await setUp((_req, res) => {
      res.end();
      if (order.length === 0) {
        side.write('x');
        setImmediate(() => order.push('immediate'));
        setTimeout(() => order.push('timer'), 0);
      }
      order.push('request');
      if (order.filter((what) => what === 'request').length === 400) done.resolve();
    });
    await herd(port, gate, 400);
    boot.resolve();
    await done.promise;
    const last = order.lastIndexOf('request');
    for (const what of ['immediate', 'input and output']) {
      expect(order.indexOf(what)).toBeGreaterThan(0);
      expect(order.indexOf(what)).toBeLessThan(last);
    }
    const slices =
      order
        .join(' ')
        .split('immediate')[0]
        ?.match(/request/g)?.length ?? 0;
    expect(slices).toBeLessThanOrEqual(32);
  });

  test('H4: handlers that work synchronously make the slices shorter', async () => {
    const order: string[] = [];
    const done = deferred();
    const { boot, gate, port } = await setUp((_req, res) => {
      if (order.length === 0) setImmediate(() => order.push('immediate'));
      for (const end = performance.now() + 4; performance.now() < end;);
      res.end();
      order.push('request');
      if (order.filter((what) => what === 'request').length === 30) done.resolve();
    });
    await herd(port, gate, 30);
    boot.resolve();
    await done.promise;
    expect(order.indexOf('immediate')).toBeGreaterThan(0);
    expect(order.indexOf('immediate')).toBeLessThan(10);
  });

  test('H4: a request that comes during the release passes at once, and a health request is answered', async () => {
    const order: string[] = [];
    const late: Promise<unknown>[] = [];
    const done = deferred();
    const { boot, gate, port } = await setUp(
      (req, res) => {
        res.end();
        if (order.push(req.url ?? '') === 1) {
          late.push(
            send(port, { path: '/late' }),
            send(port, { path: '/readyz' }).then(({ status }) => order.push(`health ${status}`)),
          );
        }
        if (order.includes('/639')) done.resolve();
      },
      { health: true },
    );
    await herd(port, gate, 640);
    boot.resolve();
    await done.promise;
    await Promise.all(late);
    expect(order.indexOf('/late')).toBeLessThan(order.indexOf('/639'));
    expect(order.indexOf('health 200')).toBeLessThan(order.indexOf('/639'));
  });

  test('A12, H4: a reset in the middle of a release denies or keeps the rest, and serves nobody twice', async () => {
    let flights = 0;
    const served: string[] = [];
    const firstServed = deferred();
    const again = deferred();
    const { boot, gate, port } = await setUp(
      (req, res) => {
        served.push(req.url ?? '');
        firstServed.resolve();
        res.end();
      },
      { bootstrap: () => (flights++ === 0 ? boot.promise : again.promise) },
    );
    await herd(port, gate, 200);
    boot.resolve();
    await firstServed.promise;
    const reset = gate.reset();
    const atReset = served.length;
    expect(atReset).toBeLessThan(200);
    await reset;
    expect(served).toHaveLength(atReset);
    expect(gate.waiting).toBe(0);
    expect(gate.report()).toMatchObject({ admitted: atReset, denied: 200 - atReset });
    again.resolve();
  });

  test('H4: a gate that closes in the middle of a release denies the rest', async () => {
    const served: string[] = [];
    const { boot, gate, port } = await setUp((req, res) => {
      res.end();
      if (served.push(req.url ?? '') === 5) void gate.close();
    });
    await herd(port, gate, 100);
    boot.resolve();
    await held(gate, 0);
    expect(gate.state).toBe('closed');
    expect(served).toHaveLength(5);
    expect(gate.report()).toMatchObject({ admitted: 5, denied: 95, held: 0 });
  });
});
