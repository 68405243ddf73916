import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate } from '../../../src/index.js';
import type { Express } from 'express';
import express4 from 'express4';
import express4Oldest from 'express4-oldest';
import express5 from 'express5';
import express5Oldest from 'express5-oldest';

/** The newest and the oldest that is supported of each major version; the types are those of 5. */
export const versions = [
  { name: 'Express 4', express: express4 as unknown as typeof express5 },
  { name: 'Express 5', express: express5 },
  { name: 'Express 4.14.0, the oldest', express: express4Oldest as unknown as typeof express5 },
  { name: 'Express 5.0.0', express: express5Oldest as typeof express5 },
];

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens with an application; the test closes it. */
export async function listening(app: Express): Promise<Listening> {
  const server = http.createServer(app as http.RequestListener);
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
