import type { GateError } from '../kit/errors.js';
import type { Answer } from './answer.js';
import type { RequestFacts } from './facts.js';

/** What a user's `handler` gives: middleware or a listener, called with the framework's own arguments. */
export type Application = (this: unknown, ...args: unknown[]) => unknown;

/**
 * How one framework hands requests over and takes answers: functions of what it calls its middleware with, `A`, `B` and `C`,
 * such as `(req, res, next)`. One object serves all requests of a door.
 */
export interface Transport<A, B = undefined, C = undefined> {
  /** What the gate decides by. */
  facts(a: A, b: B, c: C): RequestFacts;
  /** The request target alone, where that costs less. Asked at an open gate, if it has health paths. */
  target?(a: A, b: B, c: C): string;
  /**
   * Hands a request on, and gives what that returns or throws.
   *
   * @param application what the option `handler` made; undefined where it is not given: then what stands behind the gate
   */
  proceed(application: Application | undefined, a: A, b: B, c: C): unknown;
  /**
   * Hands on a pilot, by calling `proceed`.
   *
   * @param ended to be called when its response is over, with the status if it went out whole
   */
  lead(ended: (status?: number) => void, proceed: () => unknown, a: A, b: B, c: C): unknown;
  /** Hands on a request that was held, by calling `proceed`; for a transport that looks when its answer begins. */
  release?(proceed: () => unknown, a: A, b: B, c: C): unknown;
  /** Writes an answer of the gate; gives what the framework expects of middleware that has answered. */
  answer(answer: Answer, a: A, b: B, c: C): unknown;
  /** What the framework gets for a request whose client left while it was held. Default: undefined. */
  drop?(a: A, b: B, c: C): unknown;
  /** Hands a denial to the framework's own error handling. Left out where there is none. */
  forward?(error: GateError, a: A, b: B, c: C): unknown;

  /** Whether the client has left or has its answer: the application must not see the request. Default: never. */
  isGone?(a: A, b: B, c: C): boolean;
  /** The object that tells when the client leaves, one for each request. Default: nothing tells. */
  client?(a: A, b: B, c: C): object | undefined;
  /** What other requests come by as well, such as an HTTP/2 session; undefined where this one is alone. Default: alone. */
  connection?(a: A, b: B, c: C): object | undefined;
  /** How many requests of that connection have none by `connection`, such as the first one. Default: none. */
  uncounted?(a: A, b: B, c: C): number;
  /** Whether its answer has begun. Default: at once, so `releaseConcurrency` limits nothing. */
  hasBegun?(a: A, b: B, c: C): boolean;
  /** Calls `listener`, with `source` as its `this`, when a client or connection has ended. */
  watch?(source: object, listener: (this: object) => void): void;
  unwatch?(source: object, listener: (this: object) => void): void;

  /** False where nothing looks at what a held request gives back; it is then not promised. */
  readonly isAwaited?: boolean;
  /**
   * Whether the runtime lets no request act for another, as on workerd: then a held request has a timer of its own, and
   * goes on in the continuation of the promise that it was given.
   */
  readonly isIsolated?: boolean;
  /** Keeps alive what this request has set off, until `work` is settled, where a runtime ends it with the request. */
  keepAlive?(work: Promise<void>, a: A, b: B, c: C): void;
}
