/**
 * The connections that Node has let go of with an upgrade, and that no listener of the user's has taken: Node's time limits and
 * its `closeAllConnections` do not reach them any more, so they are bounded here.
 */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { writeRawAnswer } from './write-answer.js';
import type { Answer } from '../../http/answer.js';
import { unref } from '../../kit/clock.js';

/** How long an answered connection stays open for a client that does not end it, and how much of it is read meanwhile. */
const LINGER = { ms: 5_000, bytes: 2 ** 20 };

export class RawConnections {
  readonly #server: Server;
  readonly #sockets = new Map<Duplex, () => void>();
  /** The server's own `closeAllConnections` where ours stands in front of it. */
  #closeAll: Server['closeAllConnections'] | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  /** The server's `closeAllConnections` reaches it until a listener takes it, or Node does again. */
  add(socket: Duplex): void {
    if (socket.destroyed || this.#sockets.has(socket)) return;
    const onClose = (): void => this.remove(socket);
    this.#sockets.set(socket, onClose);
    socket.on('close', onClose);
    this.#reach();
  }

  remove(socket: Duplex): void {
    const onClose = this.#sockets.get(socket);
    if (!onClose) return;
    this.#sockets.delete(socket);
    socket.off('close', onClose);
    if (this.#sockets.size === 0) this.#withdraw();
  }

  /** Answers, and ends the connection. What its client still sends is dropped, but not without end. */
  answer(socket: Duplex, answer: Answer): void {
    this.add(socket);
    socket.on('error', ignore); // it is ours until its end
    writeRawAnswer(socket, answer);
    linger(socket);
  }

  /** Cuts those that were answered. What is held is denied by its gate. */
  cutAnswered(): void {
    for (const socket of [...this.#sockets.keys()]) if (socket.writableFinished) socket.destroy();
  }

  #reach(): void {
    if (this.#closeAll || typeof this.#server.closeAllConnections !== 'function') return; // HTTP/2 has none
    this.#closeAll = this.#server.closeAllConnections;
    this.#server.closeAllConnections = this.#cutAll;
  }

  readonly #cutAll = (): void => {
    const closeAll = this.#closeAll;
    for (const socket of [...this.#sockets.keys()]) socket.destroy();
    Reflect.apply(closeAll ?? this.#server.closeAllConnections, this.#server, []);
  };

  /** Where somebody else has put a method on top of ours, ours has to stay. */
  #withdraw(): void {
    const own = this.#closeAll;
    if (!own || this.#server.closeAllConnections !== this.#cutAll) return;
    this.#closeAll = undefined;
    Reflect.deleteProperty(this.#server, 'closeAllConnections');
    if (this.#server.closeAllConnections !== own) this.#server.closeAllConnections = own;
  }
}

function linger(socket: Duplex): void {
  let left = LINGER.bytes;
  const cut = (): void => void socket.destroy();
  const timer = setTimeout(cut, LINGER.ms);
  unref(timer);
  socket.on('close', () => clearTimeout(timer));
  socket.on('data', (part: Uint8Array) => {
    left -= part.length;
    if (left < 0) cut();
  });
}

/** An error is followed by the end of the socket, which is what counts. */
export function ignore(): void {}
