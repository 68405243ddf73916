/** What an adapter gets whose framework has its own error handling. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { createGate, type GateError } from '../../src/index.js';
import { HttpDoor, HttpGuest } from '../../src/adapter.js';
import { atEnd, listen, send } from '../doors/node/support/network.js';
import { never } from '../doors/node/support/never.js';
import { warnings } from '../doors/node/support/waiting.js';

/** The smallest adapter. */
class TestGuest extends HttpGuest {
  proceed(): unknown {
    return this.res.end('served');
  }
}

class ForwardingGuest extends TestGuest {
  readonly #forwarded: Forwarded[];

  constructor(door: HttpDoor, req: IncomingMessage, res: ServerResponse, forwarded: Forwarded[]) {
    super(door, req, res);
    this.#forwarded = forwarded;
  }

  override forward({ code, headers, verdict }: GateError): void {
    this.#forwarded.push({ code, headers, verdict });
    this.res.writeHead(500).end('own');
  }
}

interface Forwarded {
  readonly code: string;
  readonly headers: unknown;
  readonly verdict?: unknown;
}

function setUp(onDenied: 'respond' | 'forward', canForward = true) {
  const gate = createGate({ bootstrap: never });
  const door = new HttpDoor('adapter', { gate, maxWaiting: 0, onDenied });
  const forwarded: Forwarded[] = [];
  const listener = (req: IncomingMessage, res: ServerResponse): unknown => {
    const guest = canForward ? new ForwardingGuest(door, req, res, forwarded) : new TestGuest(door, req, res);
    return door.receive(guest, req.url ?? '');
  };
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

test('D5: a forwarded loopback carries its verdict', async () => {
  const seen = warnings();
  const gate = createGate({ bootstrap: () => send(port) });
  const door = new HttpDoor('adapter', { gate, onDenied: 'forward' });
  const forwarded: Forwarded[] = [];
  const server = createServer((req, res) => door.receive(new ForwardingGuest(door, req, res, forwarded), '/'));
  const port = await listen(server);
  await gate.ensureReady();
  expect(forwarded).toMatchObject([{ code: 'ERR_GATE_LOOPBACK', verdict: { certainty: 'certain' } }]);
  expect(seen.map(({ code }) => code)).toEqual(['GATE_LOOPBACK']);
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
