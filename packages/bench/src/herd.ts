/** Clients that each send one request over a connection of their own. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { epochNow } from './epoch.js';

export interface Answer {
  readonly status: number;
  /** Head and body, as far as they came at once. */
  readonly text: string;
  /** In epoch ms. */
  readonly at: number;
}

const AT_ONCE = 100;

export class Herd implements Disposable {
  readonly #sockets: Socket[] = [];
  readonly #answers: Promise<Answer>[] = [];
  readonly #arrived: Answer[] = [];

  /** Those that have come so far, in their order. */
  get arrived(): readonly Answer[] {
    return this.#arrived;
  }

  async send(port: number, count: number, path: string, headers = ''): Promise<void> {
    for (let left = count; left > 0; left -= AT_ONCE) {
      const batch = Array.from({ length: Math.min(AT_ONCE, left) }, () => connect(port, '127.0.0.1'));
      this.#sockets.push(...batch);
      await Promise.all(batch.map((socket) => once(socket, 'connect')));
      this.#answers.push(...batch.map((socket) => this.#answer(socket)));
      for (const socket of batch) socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
    }
  }

  /** All answers, or those that came in time. */
  async answers(patienceMs?: number): Promise<readonly Answer[]> {
    const all = Promise.all(this.#answers);
    if (patienceMs === undefined) return all;
    await Promise.race([all, pause(patienceMs, undefined, { ref: false })]);
    return this.#arrived;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.leave();
  }

  #answer(socket: Socket): Promise<Answer> {
    socket.on('error', () => {});
    return new Promise((resolve) => {
      socket.once('data', (data) => {
        const text = String(data);
        const answer = { status: Number(text.slice('HTTP/1.1 '.length, 12)), text, at: epochNow() };
        this.#arrived.push(answer);
        resolve(answer);
      });
    });
  }
}
