/** What an adapter does with a request, gateServer does too, although its way to the application is another one. */
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import http2 from 'node:http2';
import { type Adapter, checksFor, listen } from '@bootstrap-gate/conformance';
import { gateServer } from '../../../src/doors/node/index.js';
import { serve, server as listenerOf } from './mount.js';

/** Middleware in front of the gate can only be an `emit` of somebody else's here. */
const adapterOf = (protocol: 'http1' | 'http2', create: (listener: RequestListener) => Server): Adapter => ({
  protocol,
  features: ['connection', 'rawTarget'], // no `handler`: the server's listeners are the application
  mount(setup) {
    const server = create(listenerOf({ ...setup, before: (_req, next) => next() }, serve(setup.application)));
    gateServer(server, { ...setup.options, onDenied: undefined });
    const { emit } = server;
    server.emit = (event: string | symbol, ...args: unknown[]): boolean => {
      const gated = (): boolean => Reflect.apply(emit, server, [event, ...args]) as boolean;
      if (event !== 'request') return gated();
      void setup.before(args[0] as IncomingMessage, gated);
      return true;
    };
    return listen(server);
  },
});

describe.each([
  ['gateServer, node:http', adapterOf('http1', (listener) => http.createServer(listener))],
  ['gateServer, node:http2', adapterOf('http2', (listener) => http2.createServer(listener as never) as never)],
])('%s', (_name, adapter) => {
  for (const { id, rule, title, run } of checksFor(adapter))
    test(`${id} ${rule}: ${title}`, () => run(adapter), 30_000);
});
