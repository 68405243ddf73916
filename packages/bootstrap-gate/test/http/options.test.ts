import { createServer, type RequestListener } from 'node:http';
import { createGate, isGateError } from '../../src/index.js';
import { bootstrapGate, gateServer } from '../../src/doors/node/index.js';
import { listen, send } from '../doors/node/support/network.js';
import { warnings } from '../doors/node/support/waiting.js';
import { never } from '../doors/node/support/never.js';

const listener: RequestListener = (_req, res) => res.end('listener');
const bootstrap = (): string => 'value';
const handler = (): RequestListener => listener;
type Untyped = (...args: unknown[]) => unknown;
const gateUntyped = bootstrapGate as unknown as Untyped;
const serverUntyped = gateServer as unknown as Untyped;

const readyGate = async () => {
  const gate = createGate({ bootstrap });
  await gate.ensureReady();
  return gate;
};

test.each([
  ['nothing', []],
  ['options without a handler', [{ bootstrap }]],
  ['a string', ['listener']],
  ['a number', [7]],
  ['null', [null]],
  ['an array', [[listener]]],
  ['a listener that is undefined', [undefined, { bootstrap }]],
])('bootstrapGate is a TypeError for %s in place of a listener', (_what, args) => {
  expect(() => gateUntyped(...args)).toThrow(TypeError);
  expect(() => gateUntyped(...args)).toThrow(/bootstrapGate/);
});

test.each([
  ['an unknown option', { bootstrap, maxWait: 1 }, /maxWait.*known/],
  ['an option of the wrong mode', { eager: true }, /eager.*bootstrap/],
  ['a pilot option with a bootstrap', { bootstrap, firstRequests: 2 }, /firstRequests/],
  ['forward', { bootstrap, onDenied: 'forward' }, /onDenied.*forward/],
  ['a listener and a handler', { bootstrap, handler }, /handler.*listener/],
  ['a handler in first-request mode', { handler }, /handler/],
  ['a handler that is no function', { bootstrap, handler: 'app' }, /handler.*function/],
  ['NaN', { bootstrap, waitTimeoutMs: NaN }, /waitTimeoutMs.*NaN/],
  ['an endless waiting time', { bootstrap, waitTimeoutMs: Infinity }, /waitTimeoutMs.*finite/],
  ['a waiting time of nothing', { bootstrap, waitTimeoutMs: 0 }, /waitTimeoutMs.*above 0/],
  ['negative places', { bootstrap, maxWaiting: -1 }, /maxWaiting/],
  ['half a place', { bootstrap, maxWaiting: 1.5 }, /maxWaiting/],
  ['a single exempt path', { bootstrap, exempt: '/open' }, /exempt.*array/],
  ['an exempt pattern', { bootstrap, exempt: [/open/] }, /exempt/],
  ['an exempt path with a query', { bootstrap, exempt: ['/open?x'] }, /exempt/],
  ['an exempt path without a slash', { bootstrap, exempt: ['open'] }, /exempt/],
  ['health paths that are no paths', { bootstrap, health: { live: 'livez' } }, /live/],
  ['health paths that are the same', { bootstrap, health: { live: '/h', ready: '/h' } }, /health.*different/],
  ['a health path equal to a default one', { bootstrap, health: { live: '/readyz' } }, /health.*different/],
  ['unknown health paths', { bootstrap, health: { alive: '/h' } }, /alive/],
  ['a waiting page that is a string', { bootstrap, waitingPage: '<p>' }, /waitingPage/],
  ['a render that is a string', { bootstrap, waitingPage: { render: '<p>' } }, /render.*function/],
  ['expose as a string', { bootstrap, expose: 'yes' }, /expose.*true or false/],
  ['a gate that is none', { gate: {} }, /gate/],
  ['a gate together with its own options', { gate: createGate({ bootstrap }), name: 'x' }, /name.*createGate/],
  ['options that are no object', 'options', /options/],
])('a wrong option is a TypeError that names it: %s', (_what, options, message) => {
  for (const make of [() => gateUntyped(listener, options), () => serverUntyped(createServer(), options)]) {
    if (message.source.includes('listener') && make.toString().includes('serverUntyped')) continue;
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  }
});

test('a wrong option is refused before an eager bootstrap is called', () => {
  const wrong = [
    { health: { live: '/same', ready: '/same' } },
    { waitingPage: { title: 1 } },
    { exempt: 'x' },
    { handler },
  ];
  for (const options of wrong) {
    const called = jest.fn(() => 'value');
    expect(() => gateUntyped(listener, { bootstrap: called, eager: true, ...options })).toThrow(TypeError);
    expect(called).not.toHaveBeenCalled();
  }
});

test('H5: gateServer is a TypeError for a handler of its own, and for what is no server', () => {
  expect(() => serverUntyped(createServer(), { bootstrap, handler })).toThrow(/handler.*bootstrapGate/);
  for (const server of [undefined, null, {}, listener]) {
    expect(() => serverUntyped(server, { bootstrap })).toThrow(TypeError);
    expect(() => serverUntyped(server, { bootstrap })).toThrow(/gateServer.*server/);
  }
});

test('H5: a server that a wrong option left without a gate can still get one', async () => {
  const server = createServer(listener);
  const emit = server.emit;
  expect(() => serverUntyped(server, { bootstrap, maxWaiting: NaN })).toThrow(TypeError);
  expect(server.emit).toBe(emit);
  gateServer(server, { bootstrap });
  expect((await send(await listen(server))).body).toBe('listener');
});

test('M1: a handler that returns no function fails the flight', async () => {
  const seen = warnings();
  const stopped: unknown[] = [];
  const gated = bootstrapGate({
    bootstrap: { run: () => 'value', stop: (value: unknown) => stopped.push(value) },
    handler: (() => 'no function') as never,
    cooldownMs: 60_000,
  });
  const port = await listen(createServer(gated));
  expect(JSON.parse((await send(port)).body)).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED' });
  expect(seen.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
  expect(seen[0]?.message).toMatch(/handler.*function/);
  expect(stopped).toEqual(['value']);
  expect(gated.gate.state).toBe('failed');
});

test('M1: a handler that throws fails the flight with what it threw, and the next flight may succeed', async () => {
  const cause = new Error('no templates');
  let flights = 0;
  const gated = bootstrapGate({
    bootstrap: () => ++flights,
    handler: (flight): RequestListener => {
      if (flight === 1) throw cause;
      return (_req, res) => res.end(`flight ${flight}`);
    },
    cooldownMs: 0,
  });
  await expect(gated.gate.ensureReady()).rejects.toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED', cause });
  expect((await send(await listen(createServer(gated)))).body).toBe('flight 2');
});

test('M1: at a gate that is open already, a handler that throws or returns no function fails the creation', async () => {
  const gate = await readyGate();
  const cause = new Error('no templates');
  expect(() =>
    bootstrapGate({
      gate,
      handler: () => {
        throw cause;
      },
    }),
  ).toThrow(cause);
  expect(() => gateUntyped({ gate, handler: () => ({}) })).toThrow(TypeError);
  expect(gate.state).toBe('ready');
});

test('M1: a door whose creation failed has no part in later flights', async () => {
  const gate = await readyGate();
  const handler = jest.fn(() => ({}));
  expect(() => gateUntyped({ gate, handler })).toThrow(TypeError);
  await gate.reset();
  await expect(gate.ensureReady()).resolves.toBe('value');
  expect(handler).toHaveBeenCalledTimes(1);
});

test('M1: handler is called once per flight, with its value, and takes the held and all later requests', async () => {
  const calls: number[] = [];
  let flights = 0;
  const gated = bootstrapGate({
    bootstrap: () => ++flights,
    handler: (flight): RequestListener => {
      calls.push(flight);
      return (req, res) => res.end(`flight ${flight} ${req.url}`);
    },
  });
  const port = await listen(createServer(gated));
  const early = await Promise.all([send(port, { path: '/a' }), send(port, { path: '/b' })]);
  expect(early.map(({ body }) => body)).toEqual(['flight 1 /a', 'flight 1 /b']);
  expect((await send(port, { path: '/c' })).body).toBe('flight 1 /c');
  await gated.gate.reset();
  expect((await send(port, { path: '/d' })).body).toBe('flight 2 /d');
  expect(calls).toEqual([1, 2]);
});

test('M1, N5: an exempt request that comes before there is a handler is denied with ERR_GATE_NOT_READY', async () => {
  const gated = bootstrapGate({ bootstrap: never, handler, exempt: ['/open'], expose: true });
  const reply = await send(await listen(createServer(gated)), { path: '/open' });
  const detail = expect.stringMatching(/is idle; its handler is not made yet/) as string;
  expect([reply.status, JSON.parse(reply.body)]).toMatchObject([503, { code: 'ERR_GATE_NOT_READY', detail }]);
});

test('M1, A12: after a reset what handler made of the old value serves nobody any more, exempt requests neither', async () => {
  let flights = 0;
  const gated = bootstrapGate({
    bootstrap: () => (flights++ === 0 ? 'value' : never()),
    handler,
    exempt: ['/open'],
  });
  const port = await listen(createServer(gated));
  expect((await send(port)).body).toBe('listener');
  await gated.gate.reset();
  const reply = await send(port, { path: '/open' });
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'ERR_GATE_NOT_READY' });
});

test('errors of a gate are recognised as such, whatever door they came through', async () => {
  const gate = createGate({ bootstrap });
  await gate.close();
  const error: unknown = await gate.ensureReady().catch((error: unknown) => error);
  expect(isGateError(error)).toBe(true);
});
