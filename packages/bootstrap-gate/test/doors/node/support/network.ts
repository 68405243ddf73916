/** Servers and clients over real sockets, which close themselves at the end of a test. */
import http, { type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Http2Server } from 'node:http2';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { finished } from 'node:stream/promises';

const closers: (() => unknown)[] = [];

/** Calls this at the end of the test; the last one comes first. */
export const atEnd = (close: () => unknown): void => void closers.push(close);

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Listens on a free port, and gives it. With null it listens on all addresses, where IPv4 comes as IPv6. */
export async function listen(server: Server | Http2Server, host: string | null = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  atEnd(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  await new Promise<void>((resolve) => server.listen(host ? { port: 0, host } : { port: 0 }, resolve));
  return (server.address() as AddressInfo).port;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Send = RequestOptions & { readonly body?: string | Buffer; readonly tls?: boolean };

/** One request on a connection of its own, unless an agent is given. */
export function send(port: number, { body, tls = false, ...options }: Send = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const all = { host: '127.0.0.1', port, agent: false, rejectUnauthorized: false, ...options };
    const request = (tls ? https : http).request(all, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A connection that speaks in bytes. */
export interface RawClient {
  readonly socket: Socket;
  /** All that has come. */
  readonly received: string;
  /** Resolves when all of this has come; rejects when the connection ends before. */
  until(...texts: string[]): Promise<string>;
  /** Resolves with all that has come when the other side has ended. */
  readonly ended: Promise<string>;
}

export async function dial(
  port: number,
  text = '',
  open = (): Socket => connect(port, '127.0.0.1'),
): Promise<RawClient> {
  const socket = open();
  atEnd(() => socket.destroy());
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => (received += part));
  const ended = finished(socket, { writable: false }).then(() => received);
  ended.catch(() => {});
  await new Promise<void>((resolve, reject) => {
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', resolve);
    socket.once('error', reject);
  });
  if (text) socket.write(text, 'latin1');
  const until = (...texts: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (texts.every((part) => received.includes(part))) resolve(received);
        else if (socket.closed || socket.readableEnded) reject(new Error(`only this came: ${received}`));
      };
      for (const event of ['data', 'end', 'close']) socket.on(event, look);
      look();
    });
  return {
    socket,
    get received() {
      return received;
    },
    until,
    ended,
  };
}

/** The complete responses in what came on one connection; all of them say their length. */
export function responsesIn(text: string): { status: number; body: string }[] {
  const responses = [];
  for (let at = 0; ;) {
    const end = text.indexOf('\r\n\r\n', at) + 4;
    if (end < 4) return responses;
    const head = text.slice(at, end);
    const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
    if (length === undefined) throw new Error(`a response without its length: ${head}`);
    at = end + Number(length);
    if (at > text.length) return responses;
    responses.push({ status: Number(head.slice(9, 12)), body: text.slice(end, at) });
  }
}
