/** Clients that send what they are told, and read what comes of it. */
import http2, { type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { headOf, type Request } from './arbitraries.js';
import type { Fate } from './model.js';

export interface Answer {
  /** Refused: Node did not take it for a request. */
  readonly fate: Fate | 'refused';
  /** Where a request that passed was led to, and the target that its application saw. */
  readonly route?: string;
  readonly url?: string;
}

export function askHttp1(port: number, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('connect', () => void socket.write(headOf(request), 'latin1'));
    socket.on('data', (part: string) => {
      text = (text + part).replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
      const end = text.indexOf('\r\n\r\n');
      if (end >= 0) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      const [status = '', ...lines] = text.slice(0, Math.max(0, text.indexOf('\r\n\r\n'))).split('\r\n');
      const headers = lines.map((line) => line.split(': ', 2) as [string, string]);
      resolve(
        answerOf(Number(status.split(' ')[1]), Object.fromEntries(headers.map(([k, v]) => [k.toLowerCase(), v]))),
      );
    });
  });
}

/** A session for many requests, and a new one where the server has ended it. */
export class Sessions {
  readonly #port: number;
  #current: ClientHttp2Session | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  get usable(): ClientHttp2Session {
    if (this.#current && !this.#current.destroyed && !this.#current.closed) return this.#current;
    const session = http2.connect(`http://127.0.0.1:${this.#port}`);
    session.on('error', () => {}); // its streams tell
    return (this.#current = session);
  }

  end(): void {
    this.#current?.destroy();
  }
}

export function askHttp2(session: ClientHttp2Session, { method, target, headers }: Request): Promise<Answer> {
  const pairs = headers
    .flatMap((header) => header.split('\r\n'))
    .map((header) => header.split(': ', 2) as [string, string])
    .filter(([name]) => !/^(upgrade|connection)$/i.test(name));
  if (method === 'CONNECT') return Promise.resolve({ fate: 'refused' }); // over HTTP/2 it has no path
  return new Promise((resolve) => {
    const refused = (): void => resolve({ fate: 'refused' });
    const stream = session.request({ ':method': method, ':path': target, ...Object.fromEntries(pairs) });
    stream.on('response', (answer) => resolve(answerOf(Number(answer[':status']), answer)));
    stream.on('error', refused);
    stream.on('close', refused);
    stream.resume();
    stream.end();
  });
}

function answerOf(status: number, headers: Readonly<Record<string, unknown>>): Answer {
  const text = (name: string): string => Buffer.from(String(headers[name]), 'hex').toString('latin1');
  if (headers['x-route'] !== undefined) return { fate: 'passed', route: text('x-route'), url: text('x-url') };
  if (headers['x-bootstrap-gate'] === 'not-started') return { fate: 'denied' };
  const isHealth = String(headers['content-type']).startsWith('text/plain') && (status === 200 || status === 503);
  return { fate: isHealth ? 'health' : 'refused' };
}
