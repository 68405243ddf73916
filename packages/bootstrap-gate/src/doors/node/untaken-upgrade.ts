/**
 * Upgrades that no listener takes when they are admitted. Without a gate Node would have treated each as an ordinary
 * request, and had given up its upgrade by now.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEarlierResponses } from './earlier-responses.js';
import { ignore } from './held-upgrade.js';
import type { ServerListeners } from './server-listeners.js';

/** From Node 26 on the body of an upgrade goes to its request; before, it was left on the socket. Nothing else tells. */
const parsesUpgradeBodies = Number.parseInt(process.versions.node) >= 26;

type Proceed = (event: 'request' | 'checkContinue', req: IncomingMessage, res: ServerResponse) => unknown;

export class UntakenUpgrades {
  readonly #listeners: ServerListeners;
  readonly #proceed: Proceed;
  #bodiesToCome = 0;

  constructor(listeners: ServerListeners, proceed: Proceed) {
    this.#listeners = listeners;
    this.#proceed = proceed;
  }

  /** Makes an ordinary request of it, whose connection is not used again. */
  asRequest(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore); // Node has taken its own listener off, and a reset would end the process
    if (parsesUpgradeBodies) this.#answerHere(req, socket as Socket);
    else this.#parseAgain(req, socket, head);
  }

  /** It goes through Node's parser again, without its upgrade, so that a body arrives as well. */
  #parseAgain(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
    for (let i = 0; i < req.rawHeaders.length; i += 2) {
      const name = req.rawHeaders[i] ?? '';
      if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${req.rawHeaders[i + 1]}`);
    }
    lines.push('Connection: close', '', '');
    afterEarlierResponses(socket, () => {
      socket.unshift(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), head]));
      const { Server: TlsServer } = process.getBuiltinModule('node:tls');
      this.#listeners.pass(this.#listeners.server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
    });
  }

  /** The body is on its way to the request, so all that is missing is a response. */
  #answerHere(req: IncomingMessage, socket: Socket): void {
    if (!req.complete) this.#listenUntilRead(req);
    afterEarlierResponses(socket, () => {
      const { ServerResponse } = process.getBuiltinModule('node:http');
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.on('finish', () => {
        res.detachSocket(socket);
        socket.end();
      });
      this.#proceed(/100-continue/i.test(req.headers.expect ?? '') ? 'checkContinue' : 'request', req, res);
    });
  }

  /** Node looks for listeners once more when the body has come, and cuts the connection where it finds none. */
  #listenUntilRead(req: IncomingMessage): void {
    if (this.#bodiesToCome++ === 0) this.#listeners.addOwn('upgrade', this.#onUpgrade);
    req.once('close', () => {
      if (--this.#bodiesToCome === 0) this.#listeners.server.off('upgrade', this.#onUpgrade);
    });
  }

  /** Another upgrade that comes meanwhile. */
  readonly #onUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!this.#listeners.has('upgrade')) this.asRequest(req, socket, head);
  };
}
