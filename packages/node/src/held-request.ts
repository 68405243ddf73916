import type { ServerResponse } from 'node:http';
import type { GateError } from '@bootstrap-gate/core';
import { Guest, type Pilot } from '@bootstrap-gate/core/adapter';
import { streamOf } from './answer.js';
import type { HttpDoor, Visit } from './http-door.js';

/** A request that waits, or goes on as a pilot. `settle` gets what the application returns, or a promise that rejects. */
export class HeldRequest extends Guest {
  readonly canPilot = true;
  readonly #door: HttpDoor;
  readonly #visit: Visit;
  readonly #settle: (result: unknown) => void;

  constructor(door: HttpDoor, visit: Visit, settle: (result: unknown) => void) {
    super(door.guests, streamOf(visit.res)?.session ?? visit.req.socket);
    this.#door = door;
    this.#visit = visit;
    this.#settle = settle;
  }

  get isGone(): boolean {
    const { req, res } = this.#visit;
    return res.writableEnded || (streamOf(res) ?? req.socket).destroyed;
  }

  readonly #onClose = (): void => {
    if (this.isGone) this.door.gone(this);
  };

  onHeld(): void {
    const { req, res } = this.#visit;
    res.on('close', this.#onClose);
    // A pipelined request has no connection for its response yet: that its client left shows on the request alone.
    if (!res.socket) req.on('close', this.#onClose);
  }

  protected onLeft(): void {
    this.#visit.res.off('close', this.#onClose);
    this.#visit.req.off('close', this.#onClose);
  }

  protected onAdmitted(pilot: Pilot | undefined): void {
    const { res, proceed } = this.#visit;
    if (pilot) res.once('close', () => pilot.end(hasSucceeded(res) ? 'succeeded' : 'failed'));
    this.#settleWith(() => (pilot ? pilot.run(proceed) : proceed()));
  }

  protected onDenied(error: GateError): void {
    this.#settleWith(() => this.#door.refuse(this.#visit, error));
  }

  onGone(): void {
    this.#settle(undefined);
  }

  #settleWith(call: () => unknown): void {
    try {
      this.#settle(call());
    } catch (error) {
      this.#settle(Promise.reject(error as Error));
    }
  }
}

/** Whether the response went out whole, and says that the application works. */
function hasSucceeded(res: ServerResponse): boolean {
  const stream = streamOf(res);
  const finished = stream ? res.writableEnded && stream.rstCode === 0 : res.writableFinished;
  return finished && res.statusCode < 500;
}
