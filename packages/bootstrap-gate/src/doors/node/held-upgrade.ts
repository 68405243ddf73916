import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GateError } from '../../kit/errors.js';
import { Guest } from '../../gate/door.js';
import { type Answer, writeRawAnswer } from '../../http/answer.js';
import { denial } from '../../http/denial.js';
import type { HttpDoor } from '../../http/http-door.js';

/** An upgrade (or CONNECT) that waits. Node has taken its own listeners off the socket; errors would end the process. */
export class HeldUpgrade extends Guest<HttpDoor> {
  readonly #req: IncomingMessage;
  readonly #socket: Duplex;
  readonly #proceed: () => void;

  constructor(door: HttpDoor, req: IncomingMessage, socket: Duplex, proceed: () => void) {
    super(door, undefined);
    this.#req = req;
    this.#socket = socket;
    this.#proceed = proceed;
  }

  get canPilot(): boolean {
    return false;
  }

  /** A client that ended its side is gone, as in a held request: whoever took the upgrade now would never hear of it. */
  get isGone(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded;
  }

  readonly #onGone = (): void => this.door.gone(this);

  onHeld(): void {
    this.#socket.on('error', ignore);
    this.#socket.on('end', this.#onGone);
    this.#socket.on('close', this.#onGone);
  }

  protected onLeft(): void {
    this.#socket.off('error', ignore);
    this.#socket.off('end', this.#onGone);
    this.#socket.off('close', this.#onGone);
  }

  protected onAdmitted(): void {
    this.#proceed();
  }

  protected onDenied(error: GateError): void {
    refuseUpgrade(this.door, this.#req, this.#socket, error);
  }

  onGone(): void {
    this.#socket.destroy();
  }
}

export function refuseUpgrade(
  { gate, settings }: HttpDoor,
  req: IncomingMessage,
  socket: Duplex,
  error: GateError,
): void {
  answerUpgrade(socket, denial(req, error, gate, { ...settings, waitingPage: undefined }));
}

export function answerUpgrade(socket: Duplex, answer: Answer): void {
  socket.on('error', ignore); // it is ours until its end
  writeRawAnswer(socket, answer);
}

/** An error is followed by the end of the socket, which is what counts. */
function ignore(): void {}
