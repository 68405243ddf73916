import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { bootstrapGate, gateServer } from '../../../src/doors/node/index.js';
import { dial, listen, send } from './support/network.js';
import { deferred, held, turn } from './support/waiting.js';
import { never } from './support/never.js';

const store = new AsyncLocalStorage<string>();
const inStore = (): string => store.getStore() ?? 'none';

afterAll(() => store.disable());

/** Gives every request its own store before it comes to the gate, as a tracing library does. */
function traced(server: Server): void {
  const inner = server.emit.bind(server) as (event: string, ...args: unknown[]) => boolean;
  server.emit = ((event: string, ...args: unknown[]) => {
    const url = (args[0] as IncomingMessage | undefined)?.url;
    return url === undefined ? inner(event, ...args) : store.run(url, () => inner(event, ...args));
  }) as Server['emit'];
}

const doors = [
  [
    'bootstrapGate',
    (listener: RequestListener, options: object) => {
      const gated = bootstrapGate(listener, options);
      const server = createServer(gated);
      traced(server);
      return { server, gate: gated.gate };
    },
  ],
  [
    'gateServer',
    (listener: RequestListener, options: object) => {
      const server = createServer(listener);
      const gate = gateServer(server, options);
      traced(server);
      return { server, gate };
    },
  ],
] as const;

/** Answers with the store that it sees at once, after a promise and after the event loop. */
const tell = async (_req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const seen = [inStore()];
  await Promise.resolve();
  seen.push(inStore());
  await turn();
  seen.push(inStore());
  res.end(seen.join(' '));
};

describe.each(doors)('%s', (_name, put) => {
  test('A6: the handler of a held request sees the store of its own request, the bootstrap that of none', async () => {
    const boot = deferred();
    const seen: string[] = [];
    const look = (): void => void seen.push(inStore());
    const { server, gate } = put((req, res) => void tell(req, res), {
      bootstrap: async (start: {
        step(name: string, fn: () => unknown): Promise<unknown>;
        detach(fn: () => void): void;
      }) => {
        look();
        start.detach(look);
        await start.step('one', async () => {
          look();
          await turn();
          look();
        });
        await boot.promise;
        look();
        return { get: look };
      },
    });
    const port = await listen(server);
    const paths = ['/a', '/b', '/c'];
    const replies = paths.map((path) => send(port, { path }));
    await held(gate, 3);
    store.run('/who-opens', () => boot.resolve());
    expect((await Promise.all(replies)).map(({ body }) => body)).toEqual(
      paths.map((path) => `${path} ${path} ${path}`),
    );
    expect(seen).toEqual(Array(5).fill('none'));
    expect((await send(port, { path: '/late' })).body).toBe('/late /late /late');
  });

  test('A6: the next pilot does not run in the context of the one before it', async () => {
    const { server, gate } = put((req, res) => void tell(req, res), { firstRequests: 3 });
    const port = await listen(server);
    const paths = ['/1', '/2', '/3', '/4', '/5'];
    const replies = await Promise.all(paths.map((path) => send(port, { path })));
    expect(replies.map(({ body }) => body)).toEqual(paths.map((path) => `${path} ${path} ${path}`));
    expect(gate.ready).toBe(true);
  });

  test('A6: rollback sees the store of nobody, also where a request failed the flight or a caller reset it', async () => {
    const seen: string[] = [];
    const { server, gate } = put((_req, res) => res.end('ok'), {
      bootstrap: { run: () => 1, stop: () => seen.push(inStore()) },
    });
    const port = await listen(server);
    expect((await send(port, { path: '/first' })).status).toBe(200);
    await store.run('/who-resets', () => gate.reset());
    expect(seen).toEqual(['none']);
  });

  test('A6: exempt requests keep their store', async () => {
    const { server } = put((req, res) => void tell(req, res), {
      bootstrap: never,
      exempt: ['/open'],
    });
    expect((await send(await listen(server), { path: '/open' })).body).toBe('/open /open /open');
  });
});

test('A6: a render of the waiting page and an exempt predicate run in the context of their request', async () => {
  const seen: string[] = [];
  const server = createServer();
  const look = (): boolean => seen.push(inStore()) < 0;
  const render = (): string => {
    look();
    return '<p>wait';
  };
  gateServer(server, { bootstrap: never, exempt: [look], waitingPage: { render } });
  traced(server);
  await send(await listen(server), { path: '/page', headers: { Accept: 'text/html' } });
  expect(seen).toEqual(['/page', '/page']);
});

test('A6: a held upgrade goes on in its own context', async () => {
  const boot = deferred();
  const server = createServer();
  const gate = gateServer(server, { bootstrap: () => boot.promise });
  traced(server);
  server.on('upgrade', (_req: IncomingMessage, socket: Duplex) => socket.end(`sees ${inStore()}`));
  const port = await listen(server);
  const clients = [];
  for (const path of ['/a', '/b']) {
    clients.push(await dial(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n`));
  }
  await held(gate, 2);
  boot.resolve();
  expect(await Promise.all(clients.map(({ ended }) => ended))).toEqual(['sees /a', 'sees /b']);
});
