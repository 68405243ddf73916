/** An answer as data, and the one place where each kind is written. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the connection is not to be used again. */
  readonly isLast?: boolean;
}

/** Writes an answer, unless somebody has answered already. HEAD gets no body. */
export function writeAnswer(
  req: IncomingMessage,
  res: ServerResponse,
  { status, headers, body, isLast }: Answer,
): void {
  if (res.headersSent || res.destroyed) return;
  const stream = streamOf(res);
  const connection = isLast && !stream ? { Connection: 'close' } : undefined;
  res.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body), ...connection });
  res.end(req.method === 'HEAD' ? undefined : body);
  if (isLast) stream?.session?.close();
}

/** Writes an answer to a connection that has no response object, as for an upgrade, and ends it. */
export function writeRawAnswer(socket: Duplex, { status, headers, body }: Answer): void {
  if (!socket.writable) return void socket.destroy();
  socket.resume(); // what is left unread would hide the end of the connection, for ever
  const all = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** The stream behind an HTTP/2 response; its client can leave while the connection stays. */
export function streamOf(res: ServerResponse | Http2ServerResponse): Http2ServerResponse['stream'] | undefined {
  return 'stream' in res ? res.stream : undefined;
}
