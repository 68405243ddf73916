/** A bare connection, for what no client library does: pipelining, half a request, a reset. */
import { connect, type Socket } from 'node:net';
import type { Answer } from './client.js';
import { type Deferred, deferred } from './wait.js';

export class RawConnection {
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  readonly #expected: { readonly withBody: boolean; readonly answer: Deferred<Answer> }[] = [];

  constructor(port: number) {
    const ended = deferred();
    this.ended = ended.promise;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('error', () => {}); // followed by close
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#parse();
    });
    this.#socket.on('close', () => {
      ended.resolve();
      for (const { answer } of this.#expected) answer.reject(new Error('the connection ended without an answer'));
    });
  }

  write(data: string | Buffer): void {
    this.#socket.write(data);
  }

  /** Sends a request without a body, and gives its answer. */
  ask(target: string, { method = 'GET', headers = '' } = {}): Promise<Answer> {
    this.write(`${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
    return this.next(method !== 'HEAD');
  }

  /** The next answer that is not expected yet. */
  next(withBody = true): Promise<Answer> {
    const answer = deferred<Answer>();
    this.#expected.push({ withBody, answer });
    return answer.promise;
  }

  leave(): void {
    this.#socket.destroy();
  }

  /** Goes away without a farewell. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #parse(): void {
    for (let first = this.#expected[0]; first; first = this.#expected[0]) {
      const parsed = parseAnswer(this.#received, first.withBody);
      if (!parsed) return;
      this.#received = this.#received.subarray(parsed.length);
      this.#expected.shift();
      first.answer.resolve(parsed.answer);
    }
  }
}

/** The answer at the beginning of `data`, or nothing while it is not all there. */
function parseAnswer(data: Buffer, withBody: boolean): { answer: Answer; length: number } | undefined {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = data.toString('latin1', 0, headEnd).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => splitOnce(line.toLowerCase(), ': ')));
  const head = { status: Number(statusLine.split(' ')[1]), headers };
  const start = headEnd + 4;
  if (!withBody || head.status === 204 || head.status === 304) return { answer: { ...head, text: '' }, length: start };
  if (headers['transfer-encoding'] === 'chunked') return parseChunks(data, start, head);
  const length = start + Number(headers['content-length'] ?? 0);
  return data.length < length ? undefined : { answer: { ...head, text: data.toString('utf8', start, length) }, length };
}

function parseChunks(data: Buffer, start: number, head: Omit<Answer, 'text'>): ReturnType<typeof parseAnswer> {
  let text = '';
  for (let at = start; ;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = parseInt(data.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (data.length < end + 2) return undefined;
    if (size === 0) return { answer: { ...head, text }, length: end + 2 };
    text += data.toString('utf8', lineEnd + 2, end);
    at = end + 2;
  }
}

function splitOnce(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return [line.slice(0, at), line.slice(at + separator.length)];
}
