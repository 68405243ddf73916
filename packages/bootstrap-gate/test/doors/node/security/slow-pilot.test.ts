import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { dial, listen, send } from '../support/network.js';
import { until, warnings } from '../support/waiting.js';

const never = 'POST /never HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na';

async function setUp(options: object = {}) {
  const seen: string[] = [];
  const handler = bootstrapGate((req, res) => {
    seen.push(req.url ?? '');
    text(req).then(
      () => res.end('served'),
      () => {},
    );
  }, options);
  return { port: await listen(createServer(handler)), gate: handler.gate, seen };
}

test('F5: a pilot whose body never ends holds up the others for pilotTimeoutMs, and not for ever', async () => {
  const warned = warnings();
  const { port, gate, seen } = await setUp({ pilotTimeoutMs: 50 });
  await dial(port, never);
  await until(() => seen.length === 1);
  expect((await send(port, { path: '/next' })).body).toBe('served');
  expect([gate.state, seen]).toEqual(['ready', ['/never', '/next']]);
  expect(warned.map(({ code }) => code)).toEqual(['GATE_PILOT_TIMEOUT']);
});

test('F2: pilots that break off one after another let the next in line pass at once', async () => {
  const { port, gate, seen } = await setUp({ pilotTimeoutMs: 3_600_000 });
  for (let i = 1; i <= 20; i++) {
    const client = await dial(port, never);
    await until(() => seen.length === i);
    client.socket.resetAndDestroy();
    await until(() => gate.state === 'idle');
  }
  expect((await send(port, { path: '/next' })).body).toBe('served');
  expect(gate.state).toBe('ready');
});

test('F1: what an outsider sends to the line of pilots does not pass the one who came before it', async () => {
  const { port, gate, seen } = await setUp({ pilotTimeoutMs: 3_600_000 });
  const pilot = await dial(port, never);
  await until(() => seen.length === 1);
  const early = send(port, { path: '/early' });
  await until(() => gate.waiting === 1);
  for (let i = 0; i < 10; i++) await dial(port, never);
  await until(() => gate.waiting === 11);
  pilot.socket.resetAndDestroy();
  expect((await early).body).toBe('served');
  expect(seen.slice(0, 2)).toEqual(['/never', '/early']);
});
