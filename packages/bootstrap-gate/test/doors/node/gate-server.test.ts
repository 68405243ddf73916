import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createGate } from '../../../src/index.js';
import { gateServer } from '../../../src/doors/node/index.js';
import { listen, send } from './support/network.js';
import { deferred, held } from './support/waiting.js';

/** Everything on a server that a gate could leave behind. */
function traces(server: Server | Http2Server): object {
  const events = [...server.eventNames()];
  return {
    ownEmit: Object.getOwnPropertyDescriptor(server, 'emit'),
    emit: server.emit,
    listeners: Object.fromEntries(events.map((event) => [String(event), server.rawListeners(event as 'request')])),
    own: Reflect.ownKeys(server)
      .filter((key) => typeof key === 'string')
      .sort(),
  };
}

test('H5: requests wait, and then reach the listeners of the server once each', async () => {
  const boot = deferred();
  const seen: string[] = [];
  const server = createServer((req, res) => {
    seen.push(req.url ?? '');
    res.end(`hello ${req.url}`);
  });
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const port = await listen(server);

  const replies = ['/a', '/b'].map((path) => send(port, { path }));
  await held(gate, 2);
  expect(seen).toEqual([]);
  boot.resolve();

  expect((await Promise.all(replies)).map(({ status, body }) => [status, body])).toEqual([
    [200, 'hello /a'],
    [200, 'hello /b'],
  ]);
  expect(seen.sort()).toEqual(['/a', '/b']);
});

test('H5: request listeners that come or go during the bootstrap count as they are at admission', async () => {
  const boot = deferred();
  const gone = jest.fn();
  const server = createServer(gone);
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const port = await listen(server);

  const reply = send(port);
  await held(gate, 1);
  server.off('request', gone);
  const order: string[] = [];
  server.once('request', () => order.push('once'));
  server.on('request', (_req, res) => {
    order.push('on');
    res.end('late');
  });
  boot.resolve();

  expect((await reply).body).toBe('late');
  expect(await send(port)).toMatchObject({ status: 200, body: 'late' });
  expect(order).toEqual(['once', 'on', 'on']);
  expect(gone).not.toHaveBeenCalled();
});

test.each([
  ['HTTP/1', () => createServer((_req, res) => res.end())],
  ['HTTP/2', () => createHttp2Server((_req, res) => res.end())],
])('H5: nothing of an open gate is left on the server, over %s', async (_name, create) => {
  const server = create() as Server;
  server.on('upgrade', () => {});
  const before = traces(server);
  const boot = deferred();
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  expect(traces(server)).not.toEqual(before);

  const ready = gate.ensureReady();
  boot.resolve();
  await ready;
  expect(traces(server)).toEqual(before);

  const reset = gate.reset();
  expect(traces(server)).not.toEqual(before);
  await reset;
  await gate.ensureReady();
  expect(traces(server)).toEqual(before);

  gate.drain();
  expect(traces(server)).toEqual(before);
});

test('H5: nothing is put on the server of a gate that is open already', async () => {
  const gate = createGate({ bootstrap: () => 'ready' });
  await gate.ensureReady();
  const server = createServer();
  const before = traces(server);
  expect(gateServer(server, { gate })).toBe(gate);
  expect(traces(server)).toEqual(before);
});

test('A12: after a reset the server holds again, and serves after the next flight', async () => {
  const boots = [deferred(), deferred()];
  let flights = 0;
  const served = jest.fn();
  const server = createServer((_req, res) => {
    served();
    res.end('ok');
  });
  const gate = gateServer(server, { bootstrap: () => boots[flights++]?.promise });
  const port = await listen(server);
  boots[0]?.resolve();
  expect((await send(port)).status).toBe(200);

  await gate.reset();
  const second = send(port);
  await held(gate, 1);
  expect(served).toHaveBeenCalledTimes(1);
  boots[1]?.resolve();
  expect((await second).status).toBe(200);
  expect(flights).toBe(2);
});

test('A12: after close the server denies every request', async () => {
  const served = jest.fn();
  const server = createServer(served);
  const gate = gateServer(server, { bootstrap: () => undefined });
  const port = await listen(server);
  await gate.ensureReady();
  await gate.close();

  const reply = await send(port);
  expect(reply.status).toBe(503);
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'ERR_GATE_CLOSED', status: 503 });
  expect(reply.headers.connection).toBe('close');
  expect(served).not.toHaveBeenCalled();
});

test('H5: an emit that somebody else puts on top goes on working while the gate holds, opens and holds again', async () => {
  const events: string[] = [];
  const server = createServer((_req, res) => res.end('ok'));
  const boots = [deferred(), deferred()];
  let flights = 0;
  const gate = gateServer(server, { bootstrap: () => boots[flights++]?.promise });
  const inner = server.emit;
  server.emit = function (this: Server, event: string, ...args: unknown[]): boolean {
    if (event === 'request') events.push(event);
    return Reflect.apply(inner, this, [event, ...args]) as boolean;
  } as Server['emit'];
  const onTop = server.emit;
  const port = await listen(server);

  const first = send(port);
  await held(gate, 1);
  boots[0]?.resolve();
  expect((await first).body).toBe('ok');
  expect(server.emit).toBe(onTop);
  expect((await send(port)).body).toBe('ok');
  expect(server.listenerCount('upgrade') + server.listenerCount('checkContinue')).toBe(0);

  await gate.reset();
  const third = send(port);
  await held(gate, 1);
  boots[1]?.resolve();
  expect((await third).body).toBe('ok');
  expect(events).toEqual(['request', 'request', 'request']);
});

test('H5: a second gate on one server is a TypeError that says so', () => {
  const server = createServer();
  const gate = gateServer(server, { bootstrap: () => undefined });
  expect(() => gateServer(server, { bootstrap: () => undefined })).toThrow(TypeError);
  expect(() => gateServer(server, { gate })).toThrow(/already/);
});

test('H5: one gate can stand on two servers', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const servers = ['one', 'two'].map((name) => createServer((_req, res) => res.end(name)));
  for (const server of servers) gateServer(server, { gate });
  const ports = await Promise.all(servers.map((server) => listen(server)));

  const replies = ports.map((port) => send(port));
  await held(gate, 2);
  boot.resolve();
  expect((await Promise.all(replies)).map(({ body }) => body)).toEqual(['one', 'two']);
});

test('H5, N4: with health on, only the health comparison stays on an open server', async () => {
  const server = createServer((req, res) => res.end(`application ${req.url}`));
  server.on('upgrade', () => {});
  const port = await listen(server);
  const { listeners } = traces(server) as { listeners: object };
  const gate = gateServer(server, { bootstrap: () => undefined, health: true });

  expect((await send(port, { path: '/livez' })).status).toBe(200);
  expect(gate.state).toBe('idle');
  expect((await send(port, { path: '/readyz' })).status).toBe(503);
  await gate.ensureReady();

  expect(traces(server)).toMatchObject({ listeners });
  expect((await send(port, { path: '/readyz?full' })).body).toBe('ok\n');
  expect((await send(port, { path: '/readyz', method: 'POST' })).body).toBe('application /readyz');
  expect((await send(port, { path: '/' })).body).toBe('application /');
  expect(gate.report().admitted).toBe(0);
});

test('H5: a server without a request listener leaves the requests unanswered by the gate too', async () => {
  const server = createServer();
  const gate = gateServer(server, { bootstrap: () => undefined });
  const port = await listen(server);
  await gate.ensureReady();
  expect(server.listenerCount('request')).toBe(0);
  server.on('request', (_req, res) => res.end('late'));
  expect((await send(port)).body).toBe('late');
});
