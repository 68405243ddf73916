/** What the tests of the doors for frameworks share. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate } from '../../src/index.js';

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens with a request listener; the test closes it. */
export async function listeningWith(listener: http.RequestListener): Promise<Listening> {
  const server = http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Waits until so many requests are held. */
export async function held(gate: Gate<never> | Gate<unknown>, count: number): Promise<void> {
  while (gate.waiting !== count) await new Promise((resolve) => setImmediate(resolve));
}

/** A bootstrap that ends when `finish` or `fail` is called. */
export function controlled<T = undefined>() {
  let finish!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<T>((...both) => ([finish, fail] = both));
  promise.catch(() => {}); // the gate hears of it
  return { bootstrap: () => promise, finish, fail };
}
