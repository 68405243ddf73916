import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate } from '../../../src/index.js';
import Koa2 from 'koa2';
import Koa2Oldest from 'koa2-oldest';
import Koa3 from 'koa3';
import Koa3Oldest from 'koa3-oldest';

/** The newest and the oldest that is supported of each major version; the types are those of 3. */
export const versions = [
  { name: 'Koa 2', Koa: Koa2 as unknown as typeof Koa3 },
  { name: 'Koa 3', Koa: Koa3 },
  { name: 'Koa 2.3.0, the oldest', Koa: Koa2Oldest as unknown as typeof Koa3 },
  { name: 'Koa 3.0.0', Koa: Koa3Oldest as unknown as typeof Koa3 },
];

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens with an application; the test closes it. */
export async function listening(app: Koa3): Promise<Listening> {
  const callback = app.callback();
  const server = http.createServer((req, res) => void callback(req, res));
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
