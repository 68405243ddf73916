/** Writes answers of the gate to Node's response objects. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Answer } from '../../http/answer.js';
import { foreignHeaders } from '../../http/foreign-headers.js';

/** Writes an answer, unless something else has. HEAD gets no body. Where the headers are out already, the response is cut. */
export function writeAnswer(req: IncomingMessage, res: ServerResponse, answer: Answer): void {
  const { status, headers, body, isLast } = answer;
  if (res.writableEnded || res.destroyed) return;
  if (res.headersSent) return void res.destroy();
  const stream = streamOf(res);
  const connection = isLast && !stream ? { Connection: 'close' } : undefined;
  writeHead(res, status, { ...headers, 'Content-Length': Buffer.byteLength(body), ...connection });
  res.end(req.method === 'HEAD' ? undefined : body);
  if (isLast) stream?.session?.close();
}

/** What no server made may lack a method of Node's. */
function writeHead(res: ServerResponse, status: number, headers: OutgoingHttpHeaders): void {
  const { removeHeader, writeHead: write } = res as Partial<ServerResponse>;
  if (removeHeader) for (const name of foreignHeaders) res.removeHeader(name);
  if (write) return void res.writeHead(status, headers);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value);
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

/** The stream behind an HTTP/2 response; an application may have given any other response a property of that name. */
export function streamOf(res: ServerResponse | Http2ServerResponse): Http2ServerResponse['stream'] | undefined {
  const { stream } = res as Partial<Http2ServerResponse>;
  return typeof stream?.rstCode === 'number' ? stream : undefined;
}
