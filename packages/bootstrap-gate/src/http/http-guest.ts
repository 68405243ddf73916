import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GateError } from '../kit/errors.js';
import { Guest } from '../gate/door.js';
import type { Pilot } from '../gate/startup.js';
import { streamOf } from './answer.js';
import type { HttpDoor } from './http-door.js';

/** An HTTP request at a door. An adapter extends it with its framework's way of handing a request on. */
export abstract class HttpGuest extends Guest<HttpDoor> {
  readonly res: ServerResponse;
  #resolve: ((result: unknown) => void) | undefined;

  constructor(door: HttpDoor, req: IncomingMessage, res: ServerResponse) {
    super(door, sharedConnection(req, res));
    this.res = res;
  }

  get req(): IncomingMessage {
    return this.res.req;
  }

  /** Hands the request to the application. */
  abstract proceed(): unknown;
  /** Hands a denial to the framework's own error handling, where it has one. */
  forward?(error: GateError): unknown;

  /** Goes through the door. The promise gives what the application returns or throws; nothing to the denied and gone. */
  enter(): unknown {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.door.enter(this);
    });
  }

  get canPilot(): boolean {
    return true;
  }

  override get uncounted(): number {
    return streamOf(this.res) ? 0 : 1;
  }

  get isGone(): boolean {
    return this.res.writableEnded || (streamOf(this.res) ?? this.req.socket).destroyed;
  }

  /**
   * What tells that its client left. The response of a pipelined request has no connection yet, so there the request
   * does. As the key of the line it lets all requests of a door share one listener.
   */
  override get key(): ServerResponse | IncomingMessage {
    return this.connection && !streamOf(this.res) ? this.req : this.res;
  }

  onHeld(): void {
    this.key.on('close', this.door.onClose);
  }

  protected onLeft(): void {
    this.key.off('close', this.door.onClose);
  }

  protected onAdmitted(pilot: Pilot | undefined): void {
    const { res } = this;
    if (pilot) res.once('close', () => pilot.end(hasSucceeded(res) ? 'succeeded' : 'failed'));
    settle(this.#resolve, () => (pilot ? pilot.run(() => this.proceed()) : this.proceed()));
  }

  protected onDenied(error: GateError): void {
    settle(this.#resolve, () => this.door.refuse(this, error));
  }

  onGone(): void {
    this.#resolve?.(undefined);
  }
}

function settle(resolve: ((result: unknown) => void) | undefined, call: () => unknown): void {
  if (!resolve) return void call(); // nobody awaits it: an exception surfaces as it is
  try {
    resolve(call());
  } catch (error) {
    resolve(Promise.reject(error as Error));
  }
}

/** The session of an HTTP/2 request, the socket of a pipelined one; otherwise an HTTP/1 connection has one request. */
function sharedConnection(req: IncomingMessage, res: ServerResponse): object | undefined {
  const stream = streamOf(res);
  if (stream) return stream.session;
  return res.socket ? undefined : req.socket;
}

/** Whether the response went out whole, and says that the application works. */
function hasSucceeded(res: ServerResponse): boolean {
  const stream = streamOf(res);
  const finished = stream ? res.writableEnded && stream.rstCode === 0 : res.writableFinished;
  return finished && res.statusCode < 500;
}
