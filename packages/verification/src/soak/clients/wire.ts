/** A bare connection, which knows what it has asked for, and counts what comes. */
import { connect, type Socket } from 'node:net';
import type { Entry } from '../ledger/entry.js';
import { parseAnswer } from './parse-answer.js';

export class Wire {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #complain: (text: string) => void;
  readonly #waiting: Entry[] = [];
  #data = Buffer.alloc(0);
  #onUpgraded: ((data: Buffer) => void) | undefined;
  #onContinue: (() => void) | undefined;
  #isLast = false;
  #isUpgraded = false;

  constructor(port: number, complain: (text: string) => void) {
    this.#complain = complain;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let why = 'the connection ended';
    this.#socket.on('error', (error) => (why = error.message));
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('end', () => this.#isUpgraded || this.#parse(true));
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        for (const entry of this.#waiting.splice(0)) entry.cut(why);
        resolve();
      });
    });
  }

  /** Sends the head of a request, and as much of its body. The answers come in the order of the requests. */
  send(entry: Entry, body: Buffer, headers: Readonly<Record<string, string>> = {}): void {
    const all = Object.entries({ Host: 'localhost', ...entry.headers, ...headers });
    const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.#waiting.push(entry);
    this.write(Buffer.concat([Buffer.from(`${entry.ask.method} ${entry.target} HTTP/1.1\r\n${lines}\r\n`), body]));
  }

  write(data: Buffer): void {
    if (this.#socket.writable) this.#socket.write(data);
  }

  /** Sends a request and ends this side at once. */
  sendAndEnd(entry: Entry): void {
    entry.halfClosed = true;
    this.send(entry, entry.body);
    this.#socket.end();
  }

  onContinue(call: () => void): void {
    this.#onContinue = call;
  }

  /** What comes after `101 Switching Protocols`. */
  onUpgraded(call: (data: Buffer) => void): void {
    this.#onUpgraded = call;
  }

  /** Ends the connection when nothing more is wanted. */
  end(): void {
    this.#socket.destroySoon();
  }

  leave(resets = false): void {
    for (const entry of this.#waiting) entry.left();
    if (resets && !this.#socket.connecting) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#isUpgraded) return this.#onUpgraded?.(chunk);
    this.#data = Buffer.concat([this.#data, chunk]);
    this.#parse(false);
  }

  #parse(isOver: boolean): void {
    while (this.#data.length > 0) {
      const [entry] = this.#waiting;
      if (!entry) return this.#surplus();
      const parsed = parseAnswer(this.#data, entry.ask.method === 'HEAD', isOver);
      if (!parsed) return;
      this.#data = this.#data.subarray(parsed.length);
      const { answer } = parsed;
      if (answer.status === 100) {
        entry.continued = true;
        this.#onContinue?.();
        continue;
      }
      this.#waiting.shift();
      this.#isLast ||= answer.headers['connection'] === 'close';
      if (this.#isLast) for (const behind of this.#waiting) behind.mayBeCut = true;
      entry.answered(answer);
      this.#isUpgraded = answer.status === 101;
      if (this.#isUpgraded) return this.#onUpgraded?.(this.#data);
    }
  }

  #surplus(): void {
    const text = this.#data.toString('latin1', 0, 60);
    this.#data = Buffer.alloc(0);
    this.#complain(`a connection got what nobody had asked for: ${JSON.stringify(text)}`);
  }
}
