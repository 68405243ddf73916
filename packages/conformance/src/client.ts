/** Clients over real sockets, one connection each unless it is said otherwise. */
import { Agent, request as request1 } from 'node:http';
import { type ClientHttp2Session, connect as connect2 } from 'node:http2';
import { Readable } from 'node:stream';
import { deferred } from './wait.js';

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is sent as it comes. */
  readonly body?: string | Buffer | Readable;
}

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Answer extends Head {
  readonly text: string;
}

/** One request and what comes back. */
export interface Exchange {
  /** Rejects when the connection ends early. */
  readonly answer: Promise<Answer>;
  /** Status and headers, as soon as they are there. */
  readonly head: Promise<Head>;
  readonly isAnswered: () => boolean;
  /** The client goes away. */
  leave(): void;
}

export type Asker = (target: string, ask?: Ask) => Exchange;

export const asker =
  (protocol: 'http1' | 'http2', port: number): Asker =>
  (target, ask = {}) =>
    protocol === 'http1' ? askHttp1(port, target, ask) : new Session(port).ask(target, ask, true);

function askHttp1(port: number, target: string, { method = 'GET', headers = {}, body }: Ask): Exchange {
  const agent = new Agent({ keepAlive: true });
  const options = { host: '127.0.0.1', port, path: target, method, agent, headers };
  const req = request1(options);
  const exchange = exchangeOf(() => req.destroy());
  req.on('error', exchange.fail);
  req.on('response', (res) => {
    exchange.begin({ status: res.statusCode ?? 0, headers: res.headers });
    res.on('data', exchange.add);
    res.on('error', exchange.fail);
    res.on('end', exchange.end);
  });
  req.on('close', () => agent.destroy());
  sendBody(req, body);
  return exchange;
}

/** One HTTP/2 connection with any number of requests on it. */
export class Session {
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #session: ClientHttp2Session;

  constructor(port: number) {
    this.#session = connect2(`http://127.0.0.1:${port}`);
    this.#session.on('error', () => {}); // its streams hear of it
    this.ended = new Promise((resolve) => this.#session.once('close', () => resolve()));
  }

  ask(target: string, { method = 'GET', headers = {}, body }: Ask = {}, alone = false): Exchange {
    const stream = this.#session.request(
      { ...lowerCased(headers), ':method': method, ':path': target },
      { endStream: body === undefined },
    );
    const exchange = exchangeOf(() => stream.destroy());
    stream.on('error', exchange.fail);
    stream.on('response', ({ ':status': status = 0, ...headers }) => exchange.begin({ status, headers }));
    stream.on('data', exchange.add);
    stream.on('end', exchange.end);
    stream.on('close', () => {
      exchange.fail(new Error('the stream was closed'));
      if (alone) this.leave();
    });
    if (body !== undefined) sendBody(stream, body);
    return exchange;
  }

  leave(): void {
    this.#session.destroy();
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function sendBody(to: NodeJS.WritableStream, body: Ask['body']): void {
  if (body instanceof Readable) body.pipe(to);
  else if (body === undefined) to.end();
  else to.end(body);
}

function exchangeOf(leave: () => void) {
  const whole = deferred<Answer>();
  const begun = deferred<Head>();
  const chunks: Buffer[] = [];
  let head: Head | undefined;
  let answered = false;
  return {
    answer: whole.promise,
    head: begun.promise,
    isAnswered: () => answered,
    leave,
    begin: (given: Head) => {
      head = given;
      answered = true;
      begun.resolve(given);
    },
    add: (chunk: Buffer) => void chunks.push(chunk),
    end: () => {
      if (head) whole.resolve({ ...head, text: Buffer.concat(chunks).toString() });
    },
    fail: (error: Error) => {
      begun.reject(error);
      whole.reject(error);
    },
  };
}
