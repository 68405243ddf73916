/** Remembers which requests came to an open gate, and in which order the others came. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNEL = 'http.server.request.start';

/**
 * What comes to an open gate goes straight to the application, as it would without a gate. That can be a pipelined request
 * whose connection the handler of an earlier one has just broken: Node hands on all that it has read.
 */
export class Arrivals {
  readonly #atOpenGate = new WeakSet<object>();
  readonly #places = new WeakMap<object, number>();
  readonly #listener: (message: unknown) => void;
  #count = 0;
  #latest = 0;

  constructor(server: object, gate: { readonly ready: boolean }) {
    this.#listener = (message) => {
      const arrival = message as { readonly request: object; readonly server: object };
      if (arrival.server !== server) return;
      if (gate.ready) this.#atOpenGate.add(arrival.request);
      else this.#places.set(arrival.request, ++this.#count);
    };
    subscribe(CHANNEL, this.#listener);
  }

  cameToOpenGate(req: object): boolean {
    return this.#atOpenGate.has(req);
  }

  /** H4: whether a later one than this has gone on into the application before it. */
  isOvertaken(req: object): boolean {
    const place = this.#places.get(req);
    if (place === undefined) return false; // Node tells of no arrivals over HTTP/2, and of no upgrades
    const isOvertaken = place < this.#latest;
    this.#latest = Math.max(this.#latest, place);
    return isOvertaken;
  }

  end(): void {
    unsubscribe(CHANNEL, this.#listener);
  }
}
