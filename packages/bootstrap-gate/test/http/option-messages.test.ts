/** What exactly the messages of wrong options say. */
import { createServer } from 'node:http';
import { createGate } from '../../src/index.js';
import { readDoorOptions } from '../../src/http/read-options.js';
import { bootstrapGate, gateServer } from '../../src/doors/node/index.js';

const bootstrap = (): string => 'value';
const handler = (): (() => void) => () => {};
const listener = (): void => {};
const make = (...args: unknown[]): unknown => (bootstrapGate as unknown as (...args: unknown[]) => unknown)(...args);

const paths =
  'must be an array of functions and of paths that begin with "/", without "?", "#" and "*" (for a prefix give a function)';
const path = 'must be a path that begins with "/", without "?" and "#"';
const flagOrObject = 'must be true, false or an object';

test.each<[options: object, message: string]>([
  [{ exempt: '/open' }, `option "exempt" ${paths}, not "/open"`],
  [{ exempt: { 0: '/open' } }, `option "exempt" ${paths}, not an object`],
  [{ exempt: ['/open', '/open#x'] }, `option "exempt" ${paths}; entry 1 is "/open#x"`],
  [{ exempt: ['x/open'] }, `option "exempt" ${paths}; entry 0 is "x/open"`],
  [{ exempt: [['/open']] }, `option "exempt" ${paths}; entry 0 is an array`],
  [{ exempt: [undefined] }, `option "exempt" ${paths}; entry 0 is undefined`],
  [{ health: { live: 'x' } }, `option "health": option "live" ${path}, not "x"`],
  [{ health: { ready: 1 } }, `option "health": option "ready" ${path}, not 1`],
  [{ health: { startup: '/x?' } }, `option "health": option "startup" ${path}, not "/x?"`],
  [
    { health: { alive: '/x' } },
    'option "health": unknown option "alive"; did you mean "live"? Known are live, ready, startup',
  ],
  [{ health: { live: '/readyz' } }, 'option "health" must name three different paths'],
  [{ health: null }, `option "health" ${flagOrObject}, not null`],
  [{ health: ['/livez'] }, `option "health" ${flagOrObject}, not an array`],
  [{ health: '/livez' }, `option "health" ${flagOrObject}, not "/livez"`],
  [{ waitingPage: '<p>' }, `option "waitingPage" ${flagOrObject}, not "<p>"`],
  [{ waitingPage: { title: 1 } }, 'option "waitingPage": option "title" must be a string, not 1'],
  [{ waitingPage: { text: '' } }, 'option "waitingPage": unknown option "text"; known are title, render'],
  [{ onDenied: 'answer' }, `option "onDenied" must be one of 'respond', 'forward', not "answer"`],
  [{ onDenied: 'forward' }, 'option "onDenied" cannot be "forward": node:http has no error handling to forward to'],
  [{ handler }, 'option "handler" and a request listener are given; one of them takes the requests'],
  [{ gate: createGate({ bootstrap }) }, 'option "bootstrap" belongs to createGate when a gate is given'],
])('a wrong option is a TypeError that says so: %j', (options, message) => {
  expect(() => make(listener, { bootstrap, ...options })).toThrow(new TypeError(`bootstrapGate: ${message}`));
});

test('an unknown option is a TypeError that names those that are known, the gate and its own ones first', () => {
  expect(() => make(listener, { bootstrap, exempts: [] })).toThrow(
    /^bootstrapGate: unknown option "exempts"; did you mean "exempt"\? Known are gate, name, .*bootstrap.*, waitTimeoutMs, .*, handler$/,
  );
});

test.each([[null], ['options'], [7], [true]])('options that are %j are a TypeError', (options) => {
  const message = 'the options must be an object';
  expect(() => make(listener, options)).toThrow(new TypeError(`bootstrapGate: ${message}`));
  expect(() => gateServer(createServer(), options as never)).toThrow(new TypeError(`gateServer: ${message}`));
});

test('M1: a handler without a bootstrap is a TypeError, at a gate of its own and at one that is given', () => {
  const message = 'bootstrapGate: option "handler" needs a bootstrap: it takes the bootstrap\'s value';
  expect(() => make({ handler })).toThrow(new TypeError(message));
  expect(() => make({ handler, gate: createGate() })).toThrow(new TypeError(message));
  expect(make({ handler, gate: createGate({ bootstrap }) })).toBeInstanceOf(Function);
});

test.each([[], [{}], [{ bootstrap }], [{ handler: undefined }], [Object.create({ handler }) as object], [null], ['x']])(
  'M1: %j makes no listener, which is a TypeError',
  (...args) => {
    expect(() => make(...args)).toThrow(
      new TypeError(
        'bootstrapGate: the first argument must be a request listener, or the option "handler" must make one',
      ),
    );
  },
);

test('M1: a handler that returns no function is a TypeError that says so', async () => {
  const gate = createGate({ bootstrap });
  await gate.ensureReady();
  expect(() => make({ gate, handler: () => 'no function' })).toThrow(
    new TypeError('bootstrapGate: option "handler" must return a function'),
  );
});

test('what is undefined is not given', () => {
  const gate = createGate({ bootstrap });
  const nothing = { name: undefined, bootstrap: undefined, handler: undefined, waitTimeoutMs: undefined };
  expect(make(listener, { gate, ...nothing })).toHaveProperty('gate', gate);
  expect(make(listener)).toBeInstanceOf(Function);
  expect(make(listener, { gate: undefined, bootstrap, health: undefined })).toBeInstanceOf(Function);
  expect(make(listener, { bootstrap, onDenied: 'respond' })).toBeInstanceOf(Function);
});

test('forward is a TypeError also where handler makes the listener', () => {
  expect(() => make({ bootstrap, handler, onDenied: 'forward' })).toThrow(/"onDenied" cannot be "forward": node:http/);
});

test.each([
  [{ onDenied: 'forward' }, { handler: 'is not for this one' }, undefined],
  [{ onDenied: 'forward' }, { forward: 'is not for this one' }, 'adapter: option "onDenied" is not for this one'],
  [{ onDenied: 'forward' }, undefined, undefined],
  [{ handler }, { forward: 'is not for this one' }, undefined],
  [{ handler }, { handler: 'is not for this one' }, 'adapter: option "handler" is not for this one'],
])('%j at an adapter that supports all but %j', (options, unsupported, message) => {
  const read = () => readDoorOptions('adapter', { bootstrap, ...options }, unsupported);
  if (message) expect(read).toThrow(new TypeError(message));
  else expect(read().settings.forward).toBe('onDenied' in options);
});

test('H5: gateServer says what is wrong with a server, or with a handler', () => {
  const server = createServer();
  const wrong =
    (server: unknown, options: object): (() => unknown) =>
    () =>
      gateServer(server as never, options);
  expect(wrong({}, { bootstrap })).toThrow(
    /^gateServer: the first argument must be a server; an application is not one/,
  );
  expect(wrong(server, { bootstrap, handler })).toThrow(
    new TypeError(
      'gateServer: option "handler" is for bootstrapGate: gateServer passes requests to the listeners of the server',
    ),
  );
  expect(wrong(server, { bootstrap, onDenied: 'forward' })).toThrow(
    new TypeError('gateServer: option "onDenied" cannot be "forward": node:http has no error handling to forward to'),
  );
  gateServer(server, { bootstrap });
  expect(wrong(server, { bootstrap })).toThrow(
    new TypeError('gateServer: this server has a gate already; give that one all the steps'),
  );
});
