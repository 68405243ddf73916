/** Stands between a server and its listeners: takes over its `emit` for as long as there is something to hold. */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Http2ServerResponse } from 'node:http2';
import { Server as TlsServer } from 'node:tls';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { writeAnswer } from '../../http/answer.js';
import { watchEarlierRequests } from './earlier-requests.js';
import { afterEarlierResponses } from './earlier-responses.js';
import { answerUpgrade, HeldUpgrade, refuseUpgrade } from './held-upgrade.js';
import type { HttpDoor } from '../../http/http-door.js';
import { HttpGuest } from '../../http/http-guest.js';

/** Node looks whether anybody listens to these before it tells of them, so a listener that does nothing stands in. */
const announced = ['request', 'checkContinue', 'upgrade'] as const;
const standIn = (): void => {};
const ignore = (): void => {};

/** From Node 26 on the body of an upgrade goes to its request; before, it was left on the socket. Nothing else tells. */
const parsesUpgradeBodies = Number.parseInt(process.versions.node) >= 26;

/** HTTP/2 tells of CONNECT as of a request. */
type RequestEvent = 'request' | 'checkContinue' | 'checkExpectation' | 'connect';
type SocketEvent = 'upgrade' | 'connect';

export class ServerDoor {
  readonly #server: Server;
  readonly #door: HttpDoor;
  /** The server's own `emit` where ours stands in front of it. */
  #emit: Server['emit'] | undefined;
  #bodiesToCome = 0;
  #holding = false;
  #attentive = false;

  constructor(server: Server, door: HttpDoor) {
    this.#server = server;
    this.#door = door;
  }

  /** @param attentive whether requests have to be looked at although none is held */
  adjust(holding: boolean, attentive: boolean): void {
    if (holding !== this.#holding) for (const event of announced) this.#server[holding ? 'on' : 'off'](event, standIn);
    this.#holding = holding;
    this.#attentive = attentive;
    if (holding || attentive) this.#takeOver();
    else this.#giveBack();
  }

  #takeOver(): void {
    if (this.#emit) return;
    this.#emit = this.#server.emit;
    this.#server.emit = this.#intercept;
  }

  /** Where somebody else has put an `emit` on top of ours, ours has to stay; it then passes everything. */
  #giveBack(): void {
    if (!this.#emit || this.#server.emit !== this.#intercept) return;
    const own = this.#emit;
    this.#emit = undefined;
    Reflect.deleteProperty(this.#server, 'emit');
    if (this.#server.emit !== own) this.#server.emit = own;
  }

  readonly #intercept = (event: string | symbol, ...args: unknown[]): boolean => {
    if (!this.#holding && !this.#attentive) return this.#pass(event, ...args);
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        return this.#receive(event, ...(args as [IncomingMessage, ServerResponse]));
      case 'upgrade':
        return this.#receiveSocket(event, ...(args as [IncomingMessage, Duplex, Buffer]));
      case 'connect': {
        const [req, second, head] = args as [IncomingMessage, Duplex | Http2ServerResponse, Buffer];
        if (!(second instanceof Http2ServerResponse)) return this.#receiveSocket(event, req, second, head);
        return this.#receive(event, req, second as unknown as ServerResponse);
      }
      default:
        return this.#pass(event, ...args);
    }
  };

  #pass(event: string | symbol, ...args: unknown[]): boolean {
    return Reflect.apply(this.#emit ?? this.#server.emit, this.#server, [event, ...args]) as boolean;
  }

  #receive(event: RequestEvent, req: IncomingMessage, res: ServerResponse): boolean {
    const target = req.url ?? '';
    if (!this.#holding) {
      const health = this.#door.health(req, target);
      if (!health) return this.#pass(event, req, res);
      writeAnswer(req, res, health);
      return true;
    }
    this.#door.receive(new ServerGuest(this.#door, this, event, req, res), target);
    return true;
  }

  /** Hands a request to the listeners that the server has now. */
  proceed(event: RequestEvent, req: IncomingMessage, res: ServerResponse): boolean {
    if (event === 'request' || this.#hasListeners(event)) return this.#pass(event, req, res);
    if (event === 'checkExpectation') return Boolean(res.writeHead(417).end());
    if (event === 'connect') return Boolean(res.writeHead(405).end());
    res.writeContinue();
    return this.#pass('request', req, res);
  }

  #receiveSocket(event: SocketEvent, req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!this.#holding) {
      const health = this.#door.health(req, req.url ?? '');
      if (!health) return this.#pass(event, req, socket, head);
      answerUpgrade(socket, health);
      return true;
    }
    watchEarlierRequests(this.#door, socket);
    const proceed = (): void => this.#proceedSocket(event, req, socket, head);
    const admission = this.#door.decide(req, req.url ?? '');
    if (admission.kind === 'answer') answerUpgrade(socket, admission.answer);
    else if (admission.kind === 'pass') this.#door.pass(admission.pilot, proceed);
    else if (admission.kind === 'deny') refuseUpgrade(this.#door, req, socket, admission.error);
    else this.#door.enter(new HeldUpgrade(this.#door, req, socket, proceed));
    return true;
  }

  #proceedSocket(event: SocketEvent, req: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#hasListeners(event)) this.#pass(event, req, socket, head);
    else if (event === 'upgrade') this.#asRequest(req, socket, head);
    else socket.destroy();
  }

  /**
   * Nobody takes upgrades: Node would have treated it as an ordinary request. It goes through Node's parser again,
   * without its upgrade, so that a body arrives as well.
   */
  #asRequest(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore); // Node has taken its own listener off, and a reset would end the process
    if (parsesUpgradeBodies) return this.#answerHere(req, socket as Socket);
    const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
    for (let i = 0; i < req.rawHeaders.length; i += 2) {
      const name = req.rawHeaders[i] ?? '';
      if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${req.rawHeaders[i + 1]}`);
    }
    lines.push('Connection: close', '', '');
    afterEarlierResponses(socket, () => {
      socket.unshift(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), head]));
      this.#pass(this.#server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
    });
  }

  /** The body is on its way to the request, so all that is missing is a response. */
  #answerHere(req: IncomingMessage, socket: Socket): void {
    if (!req.complete) this.#listenUntilRead(req);
    afterEarlierResponses(socket, () => {
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.on('finish', () => {
        res.detachSocket(socket);
        socket.end();
      });
      this.proceed(/100-continue/i.test(req.headers.expect ?? '') ? 'checkContinue' : 'request', req, res);
    });
  }

  /** Node looks for listeners once more when the body has come, and cuts the connection where it finds none. */
  #listenUntilRead(req: IncomingMessage): void {
    if (this.#bodiesToCome++ === 0) this.#server.on('upgrade', this.#untaken);
    req.once('close', () => {
      if (--this.#bodiesToCome === 0) this.#server.off('upgrade', this.#untaken);
    });
  }

  /** Another upgrade that comes meanwhile. */
  readonly #untaken = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!this.#hasListeners('upgrade')) this.#asRequest(req, socket, head);
  };

  #hasListeners(event: RequestEvent | SocketEvent): boolean {
    return this.#server.listeners(event).some((listener) => listener !== standIn && listener !== this.#untaken);
  }
}

/** A request of a server. Nobody awaits it: the server's own `emit` sees to what its listeners return. */
class ServerGuest extends HttpGuest {
  readonly #server: ServerDoor;
  readonly #event: RequestEvent;

  constructor(door: HttpDoor, server: ServerDoor, event: RequestEvent, req: IncomingMessage, res: ServerResponse) {
    super(door, req, res);
    this.#server = server;
    this.#event = event;
  }

  proceed(): unknown {
    return this.#server.proceed(this.#event, this.req, this.res);
  }

  override enter(): void {
    this.door.enter(this);
  }
}
