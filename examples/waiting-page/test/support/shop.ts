/** The shop on a port of its own, with a bootstrap that does what the test says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Boot, createGate, type Gate, type GateOptions } from 'bootstrap-gate';
import { type DoorOptions, type Framework, listeners } from '../../src/listeners.js';

const atEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of atEnd.splice(0)) await end();
});

/** The bootstrap that runs. */
interface Flight {
  readonly boot: Boot;
  succeed(): void;
  fail(error: Error): void;
}

export interface Shop {
  readonly url: string;
  readonly gate: Gate;
  readonly server: Server;
  /** The requests that came, such as `GET /` and, for the page's own, `poll /`. */
  readonly requests: readonly string[];
  /** The running or last one; the first visit starts the first. */
  readonly flight: Flight;
}

export type ShopOptions = Partial<DoorOptions> & {
  readonly framework?: Framework;
  readonly gateOptions?: GateOptions;
  readonly port?: number;
};

export async function openShop({ framework = 'node', gateOptions, port, ...door }: ShopOptions = {}): Promise<Shop> {
  const flights: Flight[] = [];
  const bootstrap = (boot: Boot): Promise<void> =>
    new Promise((succeed, fail) => flights.push({ boot, succeed, fail }));
  const gate =
    door.gate ?? createGate({ name: 'shop', ...gateOptions, bootstrap: gateOptions?.bootstrap ?? bootstrap });
  atEnd.push(() => void gate.close());
  const requests: string[] = [];
  const listener = listeners[framework]({ waitingPage: true, ...door, gate });
  const { server, url } = await listen((req, res) => {
    requests.push(`${isPoll(req) ? 'poll' : req.method} ${req.url}`);
    listener(req, res);
  }, port);
  return {
    url,
    gate,
    server,
    requests,
    get flight() {
      const flight = flights.at(-1);
      if (!flight) throw new Error('nobody has started the bootstrap');
      return flight;
    },
  };
}

/** Listens on a free port, or on the given one, to the end of the test. */
export async function listen(listener: RequestListener, port = 0): Promise<{ server: Server; url: string }> {
  const server = createServer(listener).listen(port, '127.0.0.1');
  atEnd.push(() => stop(server));
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Cuts every connection, as a process that dies does. */
export async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

const isPoll = ({ headers }: IncomingMessage): boolean => headers['x-bootstrap-gate'] === 'poll';
