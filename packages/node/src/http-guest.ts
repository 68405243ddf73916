import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GateError } from '@bootstrap-gate/core';
import { Guest, type Pilot } from '@bootstrap-gate/core/adapter';
import { streamOf } from './answer.js';
import type { HttpDoor } from './http-door.js';

/** An HTTP request at a door. An adapter extends it with its framework's way of handing a request on. */
export abstract class HttpGuest extends Guest<HttpDoor> {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  #resolve: ((result: unknown) => void) | undefined;
  #onClose: (() => void) | undefined;

  constructor(door: HttpDoor, req: IncomingMessage, res: ServerResponse) {
    super(door, sharedConnection(req, res));
    this.req = req;
    this.res = res;
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

  onHeld(): void {
    this.#onClose = leaveIfGone.bind(undefined, this);
    this.res.on('close', this.#onClose);
    // The response of a pipelined request has no connection yet: that its client left shows on the request alone.
    if (!this.res.socket) this.req.on('close', this.#onClose);
  }

  protected onLeft(): void {
    if (!this.#onClose) return;
    this.res.off('close', this.#onClose);
    this.req.off('close', this.#onClose);
  }

  protected onAdmitted(pilot: Pilot | undefined): void {
    const { res } = this;
    if (pilot) res.once('close', () => pilot.end(hasSucceeded(res) ? 'succeeded' : 'failed'));
    this.#finish(() => (pilot ? pilot.run(() => this.proceed()) : this.proceed()));
  }

  protected onDenied(error: GateError): void {
    this.#finish(() => this.door.refuse(this, error));
  }

  onGone(): void {
    this.#resolve?.(undefined);
  }

  #finish(call: () => unknown): void {
    if (!this.#resolve) return void call(); // nobody awaits it: an exception surfaces as it is
    try {
      this.#resolve(call());
    } catch (error) {
      this.#resolve(Promise.reject(error as Error));
    }
  }
}

function leaveIfGone(guest: HttpGuest): void {
  if (guest.isGone) guest.door.gone(guest);
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
