import { Agent, createServer, type RequestListener } from 'node:http';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { atEnd, dial, listen, send } from './support/network.js';
import { deferred, held } from './support/waiting.js';

const doors = [
  [
    'bootstrapGate',
    (listener: RequestListener, bootstrap: () => Promise<void>) => {
      const gated = bootstrapGate(listener, { bootstrap });
      return { server: createServer(gated), gate: gated.gate };
    },
  ],
  [
    'gateServer',
    (listener: RequestListener, bootstrap: () => Promise<void>) => {
      const server = createServer(listener);
      return { server, gate: gateServer(server, { bootstrap }) };
    },
  ],
] as const;

test.each(doors)(
  'H7: with %s, server.close() completes once gate.close() has denied the held requests',
  async (_name, put) => {
    const boot = deferred();
    const served = jest.fn();
    const { server, gate } = put(served, () => boot.promise);
    const port = await listen(server);
    const agent = new Agent({ keepAlive: true });
    atEnd(() => agent.destroy());
    const clients = [send(port, { agent }), send(port, { method: 'POST', body: 'held', agent }), send(port)];
    const raw = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await held(gate, 5);

    const serverClosed = new Promise((resolve) => server.close(resolve));
    void gate.close();
    await serverClosed;

    for (const reply of await Promise.all(clients)) {
      expect(reply.status).toBe(503);
      expect(reply.headers.connection).toBe('close');
      expect(JSON.parse(reply.body)).toMatchObject({ code: 'ERR_GATE_CLOSED' });
    }
    expect(await raw.ended).toContain('ERR_GATE_CLOSED');
    expect(served).not.toHaveBeenCalled();
    boot.resolve();
    await gate.close();
  },
);

test('H7: with gateServer, a held upgrade does not keep the server from closing', async () => {
  const boot = deferred();
  const server = createServer();
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  const client = await dial(
    await listen(server),
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n',
  );
  await held(gate, 1);
  const serverClosed = new Promise((resolve) => server.close(resolve));
  void gate.close();
  expect(await client.ended).toContain('ERR_GATE_CLOSED');
  await serverClosed;
  boot.resolve();
});

test('A12: a request that was admitted before close goes on, and a pilot too', async () => {
  for (const options of [{ bootstrap: () => undefined }, {}]) {
    const arrived = deferred();
    const work = deferred();
    const gated = bootstrapGate((_req, res) => {
      arrived.resolve();
      void work.promise.then(() => res.end('finished'));
    }, options);
    const reply = send(await listen(createServer(gated)));
    await arrived.promise;
    const closed = gated.gate.close();
    work.resolve();
    expect(await reply).toMatchObject({ status: 200, body: 'finished' });
    await closed;
    expect(gated.gate.state).toBe('closed');
  }
});

test('A12: a closed gate used again, in another listener or server, denies with ERR_GATE_CLOSED', async () => {
  const first = bootstrapGate(() => {}, { bootstrap: () => 1 });
  await first.gate.close();
  const served = jest.fn();
  const listener = createServer(bootstrapGate(served, { gate: first.gate }));
  const server = createServer(served);
  gateServer(server, { gate: first.gate, exempt: ['/open'], health: true });
  for (const port of [await listen(listener), await listen(server)]) {
    const reply = await send(port);
    expect([reply.status, JSON.parse(reply.body)]).toMatchObject([503, { code: 'ERR_GATE_CLOSED' }]);
    expect(reply.headers['x-bootstrap-gate']).toBe('not-started');
  }
  expect(served).not.toHaveBeenCalled();
  const { port } = server.address() as { port: number };
  expect((await send(port, { path: '/livez' })).status).toBe(200);
  server.on('request', (_req, res) => res.end('open'));
  served.mockReset();
  expect((await send(port, { path: '/open' })).body).toBe('open');
});
