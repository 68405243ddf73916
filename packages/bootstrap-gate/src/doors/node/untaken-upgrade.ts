/**
 * Upgrades that no listener takes when they are admitted. Without a gate Node would have treated each as an ordinary request,
 * and that is what becomes of it, but that its connection is not used again.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEarlierResponses } from './earlier-responses.js';
import { ignore } from './raw-connections.js';
import type { ServerListeners } from './server-listeners.js';

/** From Node 26 on the body of an upgrade goes to its request; before, it was left on the socket. Nothing else tells. */
const parsesUpgradeBodies = Number.parseInt(process.versions.node) >= 26;

type Proceed = (
  event: 'request' | 'checkContinue' | 'checkExpectation',
  req: IncomingMessage,
  res: ServerResponse,
) => unknown;

export class UntakenUpgrades {
  readonly #listeners: ServerListeners;
  readonly #proceed: Proceed;
  readonly #adjust: () => void;
  #parsing: Duplex | undefined;
  #bodiesToCome = 0;

  /** @param adjust puts things in order after the server's `emit` was taken over */
  constructor(listeners: ServerListeners, proceed: Proceed, adjust: () => void) {
    this.#listeners = listeners;
    this.#proceed = proceed;
    this.#adjust = adjust;
  }

  /** Makes an ordinary request of it. */
  asRequest(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore); // Node has taken its own listener off, and a reset would end the process
    const isParsed = socket !== req.socket || req.headers['transfer-encoding'] !== undefined;
    if (parsesUpgradeBodies && isParsed) this.#answerHere(req, socket as Socket);
    else this.#parseAgain(req, socket, head);
  }

  /** Whether the request that has come by this socket is one of these, come back from Node's parser. */
  isParsing(socket: unknown): boolean {
    return this.#parsing !== undefined && socket === this.#parsing;
  }

  /** It goes through Node's parser again, which now finds no listener for upgrades, as it would have without a gate. */
  #parseAgain(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    afterEarlierResponses(socket, () => {
      const message = Buffer.concat([headOf(req), bodyOf(req), isWithoutBody(req) ? dropBuffered(socket) : head]);
      const endOwn = this.#listeners.withoutOwn('upgrade');
      this.#listeners.takeOver();
      this.#parsing = socket;
      try {
        attach(this.#listeners, socket);
        socket.emit('data', message); // at once, while nothing listens: what is put back on the socket comes later
      } finally {
        this.#parsing = undefined;
        endOwn();
        this.#adjust();
      }
    });
  }

  /** Its body is on its way through the parser that it came by, so all that is missing is a response. */
  #answerHere(req: IncomingMessage, socket: Socket): void {
    if (!req.complete) this.#listenUntilRead(req);
    afterEarlierResponses(socket, () => {
      const { ServerResponse } = process.getBuiltinModule('node:http');
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.on('finish', () => {
        res.detachSocket(socket);
        socket.end(() => socket.destroy()); // as Node ends a connection after its last response
      });
      const { expect } = req.headers;
      if (expect === undefined) this.#proceed('request', req, res);
      else this.#proceed(/(?:^|\W)100-continue(?:$|\W)/i.test(expect) ? 'checkContinue' : 'checkExpectation', req, res);
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

/** Whether Node has kept only the first of its headers: those that say how long its body is may be missing. */
export function isCutOff({ rawHeaders }: IncomingMessage, { maxHeadersCount }: Server): boolean {
  const most = typeof maxHeadersCount === 'number' ? maxHeadersCount : 1_000;
  return most > 0 && rawHeaders.length >= 2 * most;
}

/** Has Node parse the socket for this server, without a second `connection` event where Node lets us. */
function attach(listeners: ServerListeners, socket: Duplex): void {
  const { server } = listeners;
  const { _connectionListener: parse } = process.getBuiltinModule('node:http') as { _connectionListener?: unknown };
  const { Server: TlsServer } = process.getBuiltinModule('node:tls');
  if (typeof parse === 'function') Reflect.apply(parse as (this: Server, socket: Duplex) => void, server, [socket]);
  else listeners.pass(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}

function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return Buffer.from([...lines, '', ''].join('\r\n'), 'latin1');
}

/** What Node has read of a body whose length is known: all of it, or nothing. */
const bodyOf = (req: IncomingMessage): Buffer =>
  (parsesUpgradeBodies ? (req.read() as Buffer | null) : null) ?? Buffer.alloc(0);

const isWithoutBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0);

/** What a client has sent behind an upgrade without a body was for the protocol that nobody speaks here. */
function dropBuffered(socket: Duplex): Buffer {
  while (socket.read() !== null);
  return Buffer.alloc(0);
}
