/** Clients that each send one request over a connection of their own, and count the answers. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

const AT_ONCE = 100;
const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

export class Herd implements Disposable {
  readonly #sockets: Socket[] = [];

  async send(port: number, count: number): Promise<void> {
    while (this.#sockets.length < count) {
      const batch = Array.from({ length: Math.min(AT_ONCE, count - this.#sockets.length) }, () =>
        connect(port, '127.0.0.1'),
      );
      this.#sockets.push(...batch);
      await Promise.all(batch.map((socket) => once(socket, 'connect')));
      for (const socket of batch) socket.write(request);
    }
  }

  /** Settles when each has got its answer. */
  async answered(): Promise<void> {
    const answers = await Promise.all(this.#sockets.map((socket) => once(socket, 'data')));
    for (const [data] of answers) {
      if (!String(data).startsWith('HTTP/1.1 200 ')) throw new Error(`not the expected answer: ${String(data)}`);
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
