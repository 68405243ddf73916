/** The only code that sends anything to the application: GET, to a loopback address that the application opened. */
import { connect, constants } from 'node:http2';
import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { isLoopback, type Door } from '../start/door.js';
import { now } from '../start/start.js';
import { TIMEOUT, type Answer } from './answer.js';
import { exactOf, shapeOf } from './fingerprint.js';
import { redact } from '../redact.js';

const MOST_BYTES = 1_000_000;
const SAMPLE = 120;
const MOST_SAMPLED = 5_000;
const HEADERS = { 'user-agent': 'bootstrap-gate-doctor', accept: '*/*' };

interface Raw {
  readonly status: number | string;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: Buffer;
}

export async function get(door: Door, path: string, timeoutMs: number): Promise<Answer> {
  if (door.socketPath === undefined && !isLoopback(door.host ?? '')) throw new Error(`${door.host} is not loopback`);
  const at = now();
  const raw = await (door.protocol === 'h2c' || (door.protocol === 'h2' && !door.allowsHttp1) ? overHttp2 : overHttp1)(
    door,
    path,
    timeoutMs,
  );
  const text = raw.body.toString();
  return {
    path,
    at,
    tookMs: now() - at,
    status: raw.status,
    type: String(raw.headers['content-type'] ?? '').split(';', 1)[0] ?? '',
    location: shapeOf(String(raw.headers['location'] ?? '')),
    asksToRetry: raw.headers['retry-after'] !== undefined,
    exact: exactOf(raw.body),
    shape: shapeOf(text),
    sample: sampleOf(text),
  };
}

/** The words of a page, not its markup. */
function sampleOf(text: string): string {
  const words = text
    .slice(0, MOST_SAMPLED)
    .replace(/<(head|script|style)\b[^]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ');
  return redact(words).replace(/\s+/g, ' ').trim().slice(0, SAMPLE);
}

function overHttp1(door: Door, path: string, timeoutMs: number): Promise<Raw> {
  const { host, port, socketPath } = door;
  const isSecure = door.protocol === 'https' || door.protocol === 'h2';
  return new Promise((resolve) => {
    const request = (isSecure ? secure : plain)({
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      method: 'GET',
      path,
      headers: { ...HEADERS, host: hostHeader(door) },
      // A connection of its own each: nothing stays open when the application is to end.
      agent: false,
      ...(isSecure && { rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }),
    });
    const limit = setTimeout(() => end({ status: TIMEOUT }), timeoutMs);
    request.on('response', (response) => {
      collect(response).then(
        (body) => end({ status: response.statusCode ?? 0, headers: response.headers, body }),
        (error: NodeJS.ErrnoException) => end({ status: error.code ?? 'aborted' }),
      );
    });
    request.on('error', (error: NodeJS.ErrnoException) => end({ status: error.code ?? error.message }));
    request.end();

    function end(raw: Partial<Raw> & Pick<Raw, 'status'>): void {
      clearTimeout(limit);
      request.destroy();
      resolve({ headers: {}, body: Buffer.alloc(0), ...raw });
    }
  });
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    // A stream of events never ends; its beginning tells enough.
    if (length > MOST_BYTES || String(response.headers['content-type']).startsWith('text/event-stream')) break;
  }
  return Buffer.concat(parts);
}

function overHttp2(door: Door, path: string, timeoutMs: number): Promise<Raw> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => end({ status: TIMEOUT }), timeoutMs);
    const failed = (error: NodeJS.ErrnoException) => end({ status: error.code ?? error.message });
    const scheme = door.protocol === 'h2' ? 'https' : 'http';
    const session = connect(`${scheme}://${hostHeader(door)}`, {
      rejectUnauthorized: false,
      ...(door.socketPath === undefined ? { host: door.host, port: door.port } : { path: door.socketPath }),
    });
    session.on('error', failed);
    const stream = session.request({ ...HEADERS, [constants.HTTP2_HEADER_PATH]: path });
    let headers: Record<string, string | string[] | number | undefined> = {};
    const parts: Buffer[] = [];
    stream.on('response', (received) => (headers = { ...received }));
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', failed);
    stream.on('end', () => end({ status: Number(headers[':status']), headers, body: Buffer.concat(parts) }));
    stream.end();

    function end(raw: Partial<Raw> & Pick<Raw, 'status'>): void {
      clearTimeout(limit);
      session.destroy();
      resolve({ headers: {}, body: Buffer.alloc(0), ...raw });
    }
  });
}

function hostHeader({ port, socketPath }: Door): string {
  return socketPath === undefined ? `localhost:${port}` : 'localhost';
}
