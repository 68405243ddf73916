/** An answer as data, and the one place where each kind is written. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Writes an answer, unless somebody has answered already. HEAD gets no body. */
export function writeAnswer(req: IncomingMessage, res: ServerResponse, { status, headers, body }: Answer): void {
  if (res.headersSent || res.writableEnded || res.destroyed) return;
  const { Connection, ...end } = { ...headers, 'Content-Length': String(Buffer.byteLength(body)) } as Record<
    string,
    string
  >;
  const isHttp2 = req.httpVersionMajor >= 2;
  res.writeHead(status, isHttp2 || Connection === undefined ? end : { ...end, Connection });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** Writes an answer to a connection that has no response object, as for an upgrade, and ends it. */
export function writeRawAnswer(socket: Duplex, { status, headers, body }: Answer): void {
  if (!socket.writable) return void socket.destroy();
  const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Service Unavailable\r\n${lines.join('')}\r\n${body}`);
}
