/** The door of a server: everything that it emits for requests, before its listeners get it. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';
import { watchEarlierRequests } from './earlier-requests.js';
import { type RawRequest, upgradeHolder } from './held-upgrade.js';
import { RawConnections } from './raw-connections.js';
import { ServerListeners } from './server-listeners.js';
import { factsOf, nodeTransport } from './transport.js';
import { isCutOff, UntakenUpgrades } from './untaken-upgrade.js';
import { createDoor } from '../create-door.js';
import type { HttpDoor } from '../../http/http-door.js';
import type { Unsupported } from '../../http/read-options.js';
import type { Gate } from '../../kit/types.js';

/** HTTP/2 emits CONNECT as a request. */
type RequestEvent = 'request' | 'checkContinue' | 'checkExpectation' | 'connect';
type SocketEvent = 'upgrade' | 'connect';

const tooManyHeaders = { status: 431, headers: {}, body: '' };

export class ServerDoor {
  readonly #door: HttpDoor<IncomingMessage, ServerResponse, RequestEvent>;
  readonly #listeners: ServerListeners;
  readonly #connections: RawConnections;
  readonly #upgrades: ReturnType<typeof upgradeHolder>;
  readonly #untaken: UntakenUpgrades;

  /** @throws TypeError for a wrong option */
  constructor(server: Server, where: string, options: object | undefined, unsupported: Unsupported) {
    this.#listeners = new ServerListeners(server, this.#intercept);
    const transport = nodeTransport<IncomingMessage, ServerResponse, RequestEvent>({
      request: (req) => req,
      response: (_req, res) => res,
      proceed: (_application, req, res, event) => this.#proceed(event, req, res),
      isAwaited: false, // the server's own `emit` sees to what its listeners return
    });
    this.#door = createDoor(where, options, transport, unsupported);
    this.#connections = new RawConnections(server);
    this.#upgrades = upgradeHolder(this.#door, this.#connections);
    this.#untaken = new UntakenUpgrades(
      this.#listeners,
      (event, req, res) => this.#proceed(event, req, res),
      () => this.#adjust(),
    );
    this.#door.core.onChange(() => this.#adjust());
    this.#adjust();
  }

  get gate(): Gate {
    return this.#door.gate;
  }

  /** At an open gate nothing is left on the server, unless it has health paths to look for. */
  #adjust(): void {
    if (this.#door.core.state === 'closed') this.#connections.cutAnswered();
    const isOpen = this.#door.core.ready;
    this.#listeners.standIn(!isOpen);
    if (isOpen && this.#door.isPlain) this.#listeners.giveBack();
    else this.#listeners.takeOver();
  }

  readonly #intercept = (event: string | symbol, ...args: unknown[]): boolean => {
    const [first, second] = args as [IncomingMessage | undefined, ServerResponse];
    if (first?.socket && this.#untaken.isParsing(first.socket)) {
      second.shouldKeepAlive = false;
      return this.#proceed(event as RequestEvent, first, second);
    }
    if (this.#door.core.ready && this.#door.isPlain) return this.#listeners.pass(event, ...args);
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        return this.#receive(event, ...(args as [IncomingMessage, ServerResponse]));
      case 'upgrade':
        return this.#receiveSocket(event, ...(args as [IncomingMessage, Duplex, Buffer]));
      case 'connect': {
        const [req, second, head] = args as [IncomingMessage, Duplex | Http2ServerResponse, Buffer];
        if (!(second instanceof process.getBuiltinModule('node:http2').Http2ServerResponse))
          return this.#receiveSocket(event, req, second, head);
        return this.#receive(event, req, second as unknown as ServerResponse);
      }
      default:
        return this.#listeners.pass(event, ...args);
    }
  };

  #receive(event: RequestEvent, req: IncomingMessage, res: ServerResponse): true {
    this.#door.receive(req, res, event);
    return true;
  }

  /** Hands a request to the listeners that the server has now. */
  #proceed(event: RequestEvent, req: IncomingMessage, res: ServerResponse): boolean {
    if (event === 'request' || this.#listeners.has(event)) return this.#listeners.pass(event, req, res);
    if (event === 'checkExpectation') return Boolean(res.writeHead(417).end());
    if (event === 'connect') return Boolean(res.writeHead(405).end());
    res.writeContinue();
    return this.#listeners.pass('request', req, res);
  }

  #receiveSocket(event: SocketEvent, req: IncomingMessage, socket: Duplex, head: Buffer): true {
    const { core, policy } = this.#door;
    const request: RawRequest = { facts: factsOf(req), socket };
    const proceed = (): void => this.#proceedSocket(event, req, socket, head);
    this.#connections.add(socket);
    if (core.ready) {
      const health = policy.health(request.facts);
      if (health) this.#connections.answer(socket, health);
      else proceed();
      return true;
    }
    watchEarlierRequests(core, socket);
    const decision = policy.decide(request.facts, { page: false });
    if (decision.kind === 'answer') this.#connections.answer(socket, decision.answer);
    else if (decision.kind === 'pass') this.#door.pass(decision.pilot, proceed);
    else if (decision.kind === 'deny') this.#upgrades.refuse(decision.error, request);
    else this.#upgrades.hold(request, proceed, decision.loopback);
    return true;
  }

  #proceedSocket(event: SocketEvent, req: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#connections.remove(socket);
    if (this.#listeners.has(event)) this.#listeners.pass(event, req, socket, head);
    else if (event === 'upgrade' && isCutOff(req, this.#listeners.server))
      this.#connections.answer(socket, tooManyHeaders);
    else if (event === 'upgrade') this.#untaken.asRequest(req, socket, head);
    else socket.destroy();
  }
}
