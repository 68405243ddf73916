import type { Gate } from '../kit/types.js';

/** A door as an adapter uses it. */
export interface AdapterDoor<A, B = undefined, C = undefined> {
  /** The gate, for what the adapter returns to carry as its own `gate`. */
  readonly gate: Gate;
  /** The hot path: `core.ready === true` is all that an open gate may cost a request. */
  readonly core: { readonly ready: boolean };
  /** Whether that is all there is to ask. False with `health` or `handler`: then every request has to come to `receive`. */
  readonly isPlain: boolean;
  /**
   * Takes a request, whatever the state of the gate.
   *
   * @returns what `proceed` or `answer` returned, for a held request a promise of it; undefined where its client left
   */
  receive(a: A, b: B, c: C): unknown;
  /**
   * For frameworks that tell when their server is about to close: it must not wait for requests that are held. Denies them
   * with `ERR_GATE_CLOSED`, and those to come while the gate is not open. A gate that the door has made itself is drained,
   * or closed where it is not open; a shared one remains as it is.
   */
  drain(): void;
  /** When all requests are answered: also closes a gate that the door has made itself. Resolves after 10 s at the latest. */
  close(): Promise<void>;
}
