/** Remembers which requests came to an open gate. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNEL = 'http.server.request.start';

/**
 * What comes to an open gate goes straight to the application, as it would without a gate. That can be a pipelined request
 * whose connection the handler of an earlier one has just broken: Node hands on all that it has read.
 */
export class Arrivals {
  readonly #atOpenGate = new WeakSet<object>();
  readonly #listener: (message: unknown) => void;

  constructor(server: object, gate: { readonly ready: boolean }) {
    this.#listener = (message) => {
      const arrival = message as { readonly request: object; readonly server: object };
      if (arrival.server === server && gate.ready) this.#atOpenGate.add(arrival.request);
    };
    subscribe(CHANNEL, this.#listener);
  }

  cameToOpenGate(req: object): boolean {
    return this.#atOpenGate.has(req);
  }

  end(): void {
    unsubscribe(CHANNEL, this.#listener);
  }
}
