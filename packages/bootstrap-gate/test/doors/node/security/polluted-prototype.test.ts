import { createServer } from 'node:http';
import { createGate } from '../../../../src/index.js';
import { bootstrapGate, gateServer } from '../../../../src/doors/node/index.js';
import { never } from '../support/never.js';
import { atEnd, listen, send } from '../support/network.js';

/** Gives every object of the process an inherited property until the end of the test, as a prototype pollution does. */
function pollute(name: string, value: unknown): void {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: true });
  atEnd(() => Reflect.deleteProperty(Object.prototype, name));
}

const nobody = { maxWaiting: 0, bootstrap: never };

test('Errors: wrong values on Object.prototype do not make any option of a door wrong', () => {
  const wrong = { waitTimeoutMs: NaN, maxWaiting: -1, exempt: 7, health: 7, waitingPage: 7, expose: 7, onDenied: 7 };
  for (const [name, value] of Object.entries({ ...wrong, handler: 7, live: 7, title: 7, render: 7, gate: 7 }))
    pollute(name, value);
  expect(() => bootstrapGate((_req, res) => res.end(), { health: {}, waitingPage: {} })).not.toThrow();
  expect(() => gateServer(createServer())).not.toThrow();
});

test('Errors: a gate on Object.prototype is not the gate of a door', async () => {
  const open = createGate({ bootstrap: () => 1 });
  await open.ensureReady();
  pollute('gate', open);
  const handler = bootstrapGate((_req, res) => res.end('reached'), nobody);
  expect(await send(await listen(createServer(handler)))).toMatchObject({ status: 503 });
});

test('Errors: a handler or bootstrap on Object.prototype does not stand in for a missing one', () => {
  const inherited = jest.fn(() => () => {});
  pollute('handler', inherited);
  pollute('bootstrap', inherited);
  expect(() => bootstrapGate({} as never)).toThrow('the first argument must be a request listener');
  expect(() => bootstrapGate({ handler: inherited } as never)).toThrow('option "handler" needs a bootstrap');
  expect(inherited).not.toHaveBeenCalled();
});

test('N3, N5: exempt paths, health and expose on Object.prototype open nothing', async () => {
  for (const [name, value] of Object.entries({ exempt: ['/'], expose: true, health: true, waitingPage: true }))
    pollute(name, value);
  const port = await listen(createServer(bootstrapGate((_req, res) => res.end('reached'), nobody)));
  for (const path of ['/', '/readyz']) {
    const { status, headers, body } = await send(port, { path, headers: { Accept: 'text/html' } });
    expect([status, headers['content-type']]).toEqual([503, 'application/problem+json']);
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['type', 'title', 'status', 'code']);
  }
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'Errors: an option called %s is unknown, and changes no prototype',
  (name) => {
    const options = JSON.parse(`{"${name}": {"expose": true}}`) as object;
    const page = JSON.parse(`{"${name}": "x"}`) as object;
    const listener = (): void => {};
    expect(() => bootstrapGate(listener, options)).toThrow(`unknown option "${name}"`);
    expect(() => gateServer(createServer(), options)).toThrow(`unknown option "${name}"`);
    expect(() => bootstrapGate(listener, { waitingPage: page })).toThrow(`unknown option "${name}"`);
    expect(() => bootstrapGate(listener, { health: page })).toThrow(`unknown option "${name}"`);
    expect(({} as { expose?: unknown }).expose).toBeUndefined();
  },
);
