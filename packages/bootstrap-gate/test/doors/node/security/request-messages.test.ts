import { channel } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { atEnd, listen, send } from '../support/network.js';
import { deferred, held } from '../support/waiting.js';

test('P1, P2: neither messages nor reports carry URLs, headers or bodies of requests', async () => {
  const messages: unknown[] = [];
  for (const name of ['request', 'state', 'flight']) {
    const listen = (message: unknown): void => {
      if ((message as { gate: string }).gate === 'telling') messages.push(message);
    };
    channel(`bootstrap-gate.${name}`).subscribe(listen);
    atEnd(() => channel(`bootstrap-gate.${name}`).unsubscribe(listen));
  }
  const boot = deferred();
  const options = { name: 'telling', maxWaiting: 4, bootstrap: () => boot.promise, exempt: ['/secret-exempt'] };
  const handler = bootstrapGate((_req, res) => res.end('served'), options);
  const port = await listen(createServer(handler));
  const ask = (path: string) =>
    send(port, { path, method: 'POST', headers: { 'X-Secret': 'secret' }, body: 'a secret body' });
  const asked = [];
  for (let i = 1; i <= 4; i++) {
    asked.push(ask(`/secret-${i}`));
    await held(handler.gate, i);
  }
  await ask('/secret-denied');
  await ask('/secret-exempt');
  boot.resolve();
  await Promise.all(asked);
  expect(messages.length).toBeGreaterThan(10);
  expect(JSON.stringify([messages, handler.gate.report()])).not.toContain('secret');
});
