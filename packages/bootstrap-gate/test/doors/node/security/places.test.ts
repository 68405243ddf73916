import { createServer } from 'node:http';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { dial, listen, send } from '../support/network.js';
import { deferred, held, until } from '../support/waiting.js';

async function setUp(options: object) {
  const boot = deferred();
  const handler = bootstrapGate((req, res) => res.end(`served ${req.url}`), {
    bootstrap: () => boot.promise,
    exempt: ['/metrics'],
    health: true,
    ...options,
  });
  return { port: await listen(createServer(handler)), gate: handler.gate, boot };
}
const requests = (count: number): string => 'GET /flood HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count);

test('H2: one connection leaves places to others, four can take all, and then health and exempt paths still answer', async () => {
  const { port, gate } = await setUp({ maxWaiting: 8 });
  await dial(port, requests(50));
  await until(() => gate.waiting === 2 && gate.report().denied > 0);
  void send(port).catch(() => {});
  await held(gate, 3);
  for (let i = 0; i < 3; i++) await dial(port, requests(50));
  await held(gate, 8);
  expect(await send(port)).toMatchObject({ status: 503, headers: { 'x-bootstrap-gate': 'not-started' } });
  expect((await send(port, { path: '/livez' })).body).toBe('ok\n');
  expect((await send(port, { path: '/metrics' })).body).toBe('served /metrics');
});

test('H2: a body that comes in drops is denied when its time is over, like all others, and gives back its place', async () => {
  const { port, gate } = await setUp({ waitTimeoutMs: 1 });
  const client = await dial(port, 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na');
  await client.until('HTTP/1.1 503', 'ERR_GATE_WAIT_TIMEOUT');
  await held(gate, 0);
  client.socket.write('b'); // it may go on: the rest is thrown away
  const next = await send(port, { path: '/livez' });
  expect(next.body).toBe('ok\n');
});

test('H2: heads that are too large or not complete take no place', async () => {
  const { port, gate } = await setUp({});
  const large = await dial(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(await large.until('431')).toContain('431');
  const slow = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Never: en');
  expect((await send(port, { path: '/livez' })).body).toBe('ok\n');
  expect([gate.waiting, gate.state]).toEqual([0, 'idle']);
  slow.socket.destroy();
});
