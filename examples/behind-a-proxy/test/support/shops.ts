/** Shops whose bootstrap ends when the test says so, and clients of a proxy in front of them. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createShop, type Shop, type ShopOptions } from '../../src/app.js';
import type { Proxy } from './proxies.js';

const ends: (() => unknown)[] = [];

/** Calls this at the end of the test; the last one comes first. */
export const atEnd = (end: () => unknown): void => void ends.push(end);

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export interface OpenShop extends Shop {
  readonly name: string;
  readonly port: number;
  /** Ends the bootstrap, which begins with this if nobody came before, and resolves when the gate is open. */
  open(): Promise<void>;
  /** Resolves when so many requests are held. */
  holds(count: number): Promise<void>;
  /** Resolves when the application has got this, such as `GET /`. */
  gets(call: string): Promise<void>;
}

export async function openShop(name: string, options: Partial<ShopOptions> = {}): Promise<OpenShop> {
  let complete!: () => void;
  const completed = new Promise<void>((resolve) => (complete = resolve));
  const shop = createShop({ name, bootstrap: () => completed, ...options });
  const { server, gate } = shop;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    complete();
    void gate.close(); // a bootstrap of a test may never end
    server.close();
    server.closeAllConnections();
  });
  return {
    ...shop,
    name,
    port: (server.address() as AddressInfo).port,
    async open() {
      complete();
      await gate.ensureReady();
    },
    holds: (count) => until(() => gate.waiting === count),
    gets: (call) => until(() => shop.calls.includes(call)),
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Order {
  readonly method?: string;
  /** A stream is sent as it comes. */
  readonly body?: Buffer | Readable;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when `100 Continue` has come; the body is sent then. */
  readonly onContinue?: () => void;
}

export function ask({ socketPath }: Proxy, path: string, order: Order = {}): Promise<Reply> {
  const { method = 'GET', body, headers = {}, onContinue } = order;
  const length = body instanceof Buffer && { 'Content-Length': String(body.length) };
  const expect = onContinue && { Expect: '100-continue' };
  return new Promise((resolve, reject) => {
    const all = { Host: 'shop', ...length, ...expect, ...headers };
    const req = request({ socketPath, path, method, agent: false, headers: all }, (res) => {
      let text = '';
      res.on('data', (chunk) => (text += chunk));
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    req.on('error', reject);
    const send = (): unknown => (body instanceof Readable ? body.pipe(req) : req.end(body));
    req.flushHeaders();
    if (!onContinue) return void send();
    req.on('continue', () => {
      onContinue();
      send();
    });
  });
}
