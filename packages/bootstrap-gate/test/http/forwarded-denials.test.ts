/** What an adapter gets whose framework has its own error handling. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { createGate } from '../../src/index.js';
import { createDoor, nodeTransport } from '../../src/adapter.js';
import { atEnd, listen, send } from '../doors/node/support/network.js';
import { never } from '../doors/node/support/never.js';

/** The smallest adapter. */
const bindings = {
  request: (req: IncomingMessage) => req,
  response: (_req: IncomingMessage, res: ServerResponse) => res,
  proceed: (_application: unknown, _req: IncomingMessage, res: ServerResponse) => res.end('served'),
};

const forwarding = (forwarded: Forwarded[]) =>
  nodeTransport<IncomingMessage, ServerResponse>({
    ...bindings,
    forward({ code, headers }, _req, res) {
      forwarded.push({ code, headers });
      res.writeHead(500).end('own');
    },
  });

interface Forwarded {
  readonly code: string;
  readonly headers: unknown;
}

function setUp(onDenied: 'respond' | 'forward', canForward = true) {
  const gate = createGate({ bootstrap: never });
  const forwarded: Forwarded[] = [];
  const transport = canForward ? forwarding(forwarded) : nodeTransport<IncomingMessage, ServerResponse>(bindings);
  const door = createDoor('adapter', { gate, maxWaiting: 0, onDenied }, transport);
  const listener = (req: IncomingMessage, res: ServerResponse): unknown => door.receive(req, res, undefined);
  atEnd(() => void gate.close());
  return { gate, listener, forwarded };
}

const headers = { 'Retry-After': '1', 'Cache-Control': 'no-store', 'X-Bootstrap-Gate': 'not-started' };

test('N1: a denial that is forwarded brings its headers along', async () => {
  const { listener, forwarded } = setUp('forward');
  expect(await send(await listen(createServer(listener)))).toMatchObject({ status: 500, body: 'own' });
  expect(forwarded).toEqual([{ code: 'ERR_GATE_QUEUE_FULL', headers }]);
});

test('N1: a denial is answered where it is not to be forwarded, or cannot be', async () => {
  for (const { listener, forwarded } of [setUp('respond'), setUp('forward', false)]) {
    const { status, body } = await send(await listen(createServer(listener)));
    expect([status, JSON.parse(body)]).toEqual([503, expect.objectContaining({ code: 'ERR_GATE_QUEUE_FULL' })]);
    expect(forwarded).toEqual([]);
  }
});

test('H7: the headers of a forwarded denial at a closed gate end the connection, but for HTTP/2, which has no such', async () => {
  const { gate, listener, forwarded } = setUp('forward');
  void gate.close();
  await send(await listen(createServer(listener)));
  const session = connect(`http://127.0.0.1:${await listen(createHttp2Server(listener as never))}`);
  atEnd(() => session.destroy());
  await new Promise((resolve) => session.request({ ':path': '/' }).resume().on('close', resolve));
  expect(forwarded).toEqual([
    { code: 'ERR_GATE_CLOSED', headers: { ...headers, Connection: 'close' } },
    { code: 'ERR_GATE_CLOSED', headers },
  ]);
});
