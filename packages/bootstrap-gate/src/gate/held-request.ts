/** One request at a door. There may be very many of them, so each carries little: what is done with it is said by its kind. */
import type { Door, DoorRequest } from './door.js';
import type { Pilot } from './startup.js';
import { OwnContext } from '../kit/context.js';
import type { GateError } from '../kit/errors.js';

/**
 * What is done with requests of one kind, such as those of Express, or upgrades. One object for all of them. `A`, `B` and
 * `C` are what the framework calls its handlers with, such as `(req, res, next)`.
 */
export interface RequestKind<A, B, C> {
  readonly door: Door;
  /** Whether it can be let through alone in first-request mode. */
  readonly canPilot: boolean;
  /** Whether the runtime lets no request act for another: then each has a timer and goes on in its own continuation. */
  readonly isIsolated: boolean;
  /** What others come by as well, and share places of; undefined for the first or only one of its connection. */
  connection(a: A, b: B, c: C): object | undefined;
  /** How many of that connection may be waiting that have none. */
  uncounted(a: A, b: B, c: C): number;
  /** The object that tells when the client leaves, one for each request; undefined where nothing tells. */
  client(a: A, b: B, c: C): object | undefined;
  /** Calls `listener` with `source` as its `this` when `source`, a client or connection, has ended. */
  watch(source: object, listener: (this: object) => void): void;
  unwatch(source: object, listener: (this: object) => void): void;
  /** Whether nothing is there any more that could get an answer. */
  isGone(a: A, b: B, c: C): boolean;
  /** Whether its answer has begun, or is over. */
  hasBegun(a: A, b: B, c: C): boolean;
  /** Goes on into the application; gives what that returns. */
  admit(pilot: Pilot | undefined, a: A, b: B, c: C): unknown;
  deny(error: GateError, a: A, b: B, c: C): unknown;
  /** Its client has left; gives what the framework gets in place of a result. */
  drop(a: A, b: B, c: C): unknown;
}

/** It goes on, or is denied, in the async context that it was constructed in. */
export abstract class HeldRequest<A, B, C> extends OwnContext implements DoorRequest {
  /** Of all requests of its class, on their prototype: there it costs none of them memory. */
  declare readonly kind: RequestKind<A, B, C>;
  // Declared only, and set by the constructor: to define private fields took a sixth of the time that holding takes.
  declare private readonly a: A;
  declare private readonly b: B;
  declare private readonly c: C;
  declare private resolve: ((result: unknown) => void) | undefined;
  declare since: number;
  /** Not set by the constructor: few have one. */
  declare onLeave?: (() => void) | undefined;

  constructor(a: A, b: B, c: C) {
    super();
    this.a = a;
    this.b = b;
    this.c = c;
    this.resolve = undefined;
    this.since = -1;
  }

  /** Enters its door. The promise gives what the application returns or throws; nothing to the denied and gone. */
  enter(): Promise<unknown> {
    const result = new Promise((resolve) => {
      this.resolve = resolve;
      this.door.enter(this);
    });
    return this.isIsolated ? result.then((goOn) => (goOn as () => unknown)()) : result;
  }

  get door(): Door {
    return this.kind.door;
  }

  get key(): object {
    return this.kind.client(this.a, this.b, this.c) ?? this;
  }

  get canPilot(): boolean {
    return this.kind.canPilot;
  }

  get hearsCause(): boolean {
    return false;
  }

  get mustPause(): boolean {
    return this.kind.door.pace.isBusy;
  }

  get connection(): object | undefined {
    return this.kind.connection(this.a, this.b, this.c);
  }

  get uncounted(): number {
    return this.kind.uncounted(this.a, this.b, this.c);
  }

  get isIsolated(): boolean {
    return this.kind.isIsolated;
  }

  get isGone(): boolean {
    return this.kind.isGone(this.a, this.b, this.c);
  }

  get hasBegun(): boolean {
    return this.kind.hasBegun(this.a, this.b, this.c);
  }

  onHeld(): void {
    const { key } = this;
    if (key !== this) this.kind.watch(key, this.door.onClientGone);
  }

  watchConnection(connection: object): void {
    this.kind.watch(connection, this.door.onConnectionGone);
  }

  unwatchConnection(connection: object): void {
    this.kind.unwatch(connection, this.door.onConnectionGone);
  }

  leave(): void {
    const { key } = this;
    this.onLeave?.();
    this.door.leave(this);
    if (key !== this) this.kind.unwatch(key, this.door.onClientGone);
  }

  admit(pilot?: Pilot): void {
    const { door } = this;
    if (this.isGone) {
      door.drop(this);
      pilot?.end('failed');
      return;
    }
    door.record(pilot ? 'pilot' : 'admitted', this);
    this.#goOn(() => this.kind.admit(pilot, this.a, this.b, this.c));
    if (this.since >= 0 && !pilot) door.released(this);
  }

  deny(error: GateError): void {
    this.door.record('denied', this, error);
    this.#goOn(() => this.kind.deny(error, this.a, this.b, this.c));
  }

  drop(): void {
    const nothing = this.kind.drop(this.a, this.b, this.c);
    this.resolve?.(this.isIsolated ? () => nothing : nothing);
  }

  inContext<T>(fn: (argument: T) => void, argument: T): void {
    if (this.isIsolated) fn(argument);
    else this.runInAsyncScope(fn, undefined, argument);
  }

  #goOn(call: () => unknown): void {
    if (this.isIsolated) this.resolve?.(call);
    else this.runInAsyncScope(settle, undefined, this.resolve, call);
  }
}

/** Makes the class of the requests of one kind. */
export function heldRequests<A, B, C>(kind: RequestKind<A, B, C>): new (a: A, b: B, c: C) => HeldRequest<A, B, C> {
  class Held extends HeldRequest<A, B, C> {}
  Object.defineProperty(Held.prototype, 'kind', { value: kind });
  return Held;
}

function settle(resolve: ((result: unknown) => void) | undefined, call: () => unknown): void {
  if (!resolve) return void call(); // nothing awaits it: an exception surfaces as it is
  try {
    resolve(call());
  } catch (error) {
    resolve(Promise.reject(error as Error));
  }
}
