import { createServer } from 'node:http';
import { createGate } from '../../../src/index.js';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { listen, send } from './support/network.js';
import { deferred, held } from './support/waiting.js';
import { never } from './support/never.js';

test('two gates in series: the listener is reached when both are open, the second starts when the first is', async () => {
  const [outerBoot, innerBoot] = [deferred(), deferred()];
  const served: string[] = [];
  const inner = bootstrapGate(
    (req, res) => {
      served.push(req.url ?? '');
      res.end('both open');
    },
    { name: 'inner', bootstrap: () => innerBoot.promise },
  );
  const outer = bootstrapGate(inner, { name: 'outer', bootstrap: () => outerBoot.promise });
  const port = await listen(createServer(outer));

  const reply = send(port, { method: 'POST', body: 'twice held' });
  await held(outer.gate, 1);
  expect(inner.gate.state).toBe('idle');
  outerBoot.resolve();
  await held(inner.gate, 1);
  expect([outer.gate.waiting, served]).toEqual([0, []]);
  innerBoot.resolve();
  expect((await reply).body).toBe('both open');
  expect(served).toEqual(['/']);
});

test('two gates in series: a failure of the inner one denies, the outer one stays open', async () => {
  const inner = bootstrapGate(() => {}, { bootstrap: never, maxWaiting: 0 });
  const outer = bootstrapGate(inner, { bootstrap: () => undefined });
  const reply = await send(await listen(createServer(outer)));
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'ERR_GATE_QUEUE_FULL' });
  expect(outer.gate.ready).toBe(true);
});

test('a listener behind gateServer of the same gate is held once', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const server = createServer(bootstrapGate((_req, res) => res.end('once'), { gate }));
  gateServer(server, { gate });
  const reply = send(await listen(server));
  await held(gate, 1);
  boot.resolve();
  expect((await reply).body).toBe('once');
  expect(gate.report().admitted).toBe(1);
});

test('two gates in series in first-request mode: one request is the pilot of both', async () => {
  const inner = bootstrapGate((_req, res) => res.end('pilot'), { name: 'inner' });
  const outer = bootstrapGate(inner, { name: 'outer' });
  const port = await listen(createServer(outer));
  const replies = await Promise.all(Array.from({ length: 5 }, () => send(port)));
  expect(replies.map(({ status }) => status)).toEqual(Array(5).fill(200));
  expect([outer.gate.ready, inner.gate.ready]).toEqual([true, true]);
});

test('A1: the same listener on two servers has one gate and one flight', async () => {
  const boot = deferred();
  const bootstrap = jest.fn(() => boot.promise);
  const listener = bootstrapGate((req, res) => res.end(`served ${req.url}`), { bootstrap });
  const ports = [await listen(createServer(listener)), await listen(createServer(listener))];
  const replies = ports.map((port, i) => send(port, { path: `/${i}` }));
  await held(listener.gate, 2);
  boot.resolve();
  expect((await Promise.all(replies)).map(({ body }) => body)).toEqual(['served /0', 'served /1']);
  expect(bootstrap).toHaveBeenCalledTimes(1);
});

test('H2: doors of one gate have places of their own', async () => {
  const gate = createGate({ bootstrap: never });
  const ports = [1, 2].map((maxWaiting) => listen(createServer(bootstrapGate(() => {}, { gate, maxWaiting }))));
  const replies = (await Promise.all(ports)).flatMap((port) => [send(port), send(port)]);
  for (const reply of replies) reply.catch(() => {}); // the held ones break off at the end
  expect(JSON.parse((await Promise.race(replies)).body)).toMatchObject({ code: 'ERR_GATE_QUEUE_FULL' });
  await held(gate, 3);
  expect(gate.report()).toMatchObject({ held: 3, denied: 1 });
});

test('H8: the listener is called with the server as this, held or not', async () => {
  const boot = deferred();
  const seen: unknown[] = [];
  const listener = bootstrapGate(
    function (this: unknown, _req, res) {
      seen.push(this);
      res.end();
    },
    { bootstrap: () => boot.promise },
  );
  const server = createServer(listener);
  const port = await listen(server);
  const first = send(port);
  await held(listener.gate, 1);
  boot.resolve();
  await first;
  await send(port);
  expect(seen).toEqual([server, server]);
});

test('F4: a pilot that comes to a second door of its gate passes', async () => {
  const gate = createGate();
  const inner = bootstrapGate((_req, res) => res.end('served'), { gate });
  const outer = bootstrapGate(inner, { gate });
  expect((await send(await listen(createServer(outer)))).body).toBe('served');
  expect(gate.state).toBe('ready');
});
