/** What an adapter puts in front of the application: it holds requests at a gate, so many and so long. */
import { currentScope } from '@bootstrap-gate/deadlock/adapter';
import type { GateCore } from './gate-core.js';
import { Places } from './places.js';
import { type Released, ReleasePace } from './release-pace.js';
import type { Waiter } from './wait-queue.js';
import { waitLimit } from '../kit/clock.js';
import type { GateError } from '../kit/errors.js';
import { channels } from '../observe/channels.js';

export interface DoorLimits {
  readonly waitTimeoutMs: number;
  readonly maxWaiting: number;
  readonly maxWaitingPerConnection: number;
  readonly releaseConcurrency: number;
}

/** A request as its door sees it. */
export interface DoorRequest extends Waiter, Released {
  readonly door: Door;
  /** What others come by as well, and share places of; undefined for the first or only one of its connection. */
  readonly connection: object | undefined;
  /** How many of its connection may be waiting that have none by that. */
  readonly uncounted: number;
  /** Whether nothing is there any more that could get an answer. */
  readonly isGone: boolean;
  /** Whether no timer but its own can end its wait. */
  readonly isIsolated: boolean;
  /** Is called when it leaves the queue. */
  onLeave?: (() => void) | undefined;
  /** When it began to wait, later to work, in ms after its door began to hold; -1 before. */
  since: number;
  /** Begins to wait: it calls `door.gone` when it is gone. */
  onHeld(): void;
  /** Listens to the end of the connection that it shares, for all of them. */
  watchConnection(connection: object): void;
  unwatchConnection(connection: object): void;
  /** Is forgotten: neither admitted nor denied. */
  drop(): void;
  /** Calls a function in the async context of the request. */
  inContext<A>(fn: (argument: A) => void, argument: A): void;
}

export class Door {
  readonly core: GateCore;
  readonly pace: ReleasePace;
  readonly #waitTimeoutMs: number;
  readonly #places: Places<DoorRequest>;
  /** When it began to hold those that it holds now. Times that count from it are small integers, which cost no memory. */
  #heldSince = 0;
  #cancelTimer: (() => void) | undefined;
  readonly #ownTimers = new Map<DoorRequest, () => void>();
  #isClosed = false;
  /** Listens to the end of the client of each request that is held here; `this` is what the request is found by. */
  readonly onClientGone: (this: object) => void;
  /** Listens to the end of each connection that several held requests share. */
  readonly onConnectionGone: (this: object) => void;

  constructor(core: GateCore, limits: DoorLimits) {
    this.core = core;
    this.pace = new ReleasePace(limits.releaseConcurrency, () => this.#now());
    this.#waitTimeoutMs = limits.waitTimeoutMs;
    const places = new Places<DoorRequest>(limits.maxWaiting, limits.maxWaitingPerConnection);
    this.#places = places;
    this.onClientGone = function onClientGone() {
      const request = core.queue.find(this) as DoorRequest | undefined;
      if (request?.isGone) request.door.gone(request);
    };
    this.onConnectionGone = function onConnectionGone() {
      for (const request of places.sharing(this)) request.door.gone(request);
    };
  }

  /** Admits, holds or denies a request. The gate gets going even when this one finds no place. */
  enter(request: DoorRequest): void {
    const { core } = this;
    if (request.isGone) return this.drop(request);
    const passage = core.passage(request.canPilot, currentScope()); // a pilot may come to a second door of its gate
    if (passage.kind === 'admit') return request.admit(passage.pilot);
    if (passage.kind === 'deny') return request.deny(passage.error);
    if (this.#isClosed) return request.deny(this.#closedError());

    const { connection } = request;
    if (this.#places.hasRoom(connection, connection ? request.uncounted : 0)) this.#hold(request, connection);
    else request.deny(core.error('ERR_GATE_QUEUE_FULL', 'has no place left to wait'));
    core.start();
  }

  /**
   * Holds no longer: denies those that are held, unless they are on their way in, and those that would be. The gate is not
   * closed by it: it may have other doors.
   */
  close(): void {
    this.#isClosed = true;
    if (this.core.ready) return;
    void this.core.queue.deny([...this.#held()], () => this.#closedError());
  }

  /** Takes out a request that is gone. */
  gone(request: DoorRequest): void {
    if (this.core.queue.take(request)) this.drop(request);
  }

  /** Forgets a request that is gone. */
  drop(request: DoorRequest): void {
    this.record('gone', request);
    request.drop();
  }

  /** Gives back the place of a request that has left the queue. */
  leave(request: DoorRequest): void {
    this.core.counts.held--;
    const connection = this.#places.giveBack(request);
    if (connection) request.unwatchConnection(connection);
    if (request.isIsolated) this.#endOwnTimer(request);
    if (this.#places.taken > 0) return;
    this.#stopTimer();
    this.pace.forget();
  }

  /** A held request was admitted: it counts as at work while others wait. */
  released(request: DoorRequest): void {
    if (this.#places.taken > 0) this.pace.count(request);
  }

  /**
   * Counts what became of a request, and publishes it in the request's own context; without a request it was neither held
   * nor a pilot.
   */
  record(type: 'held' | 'admitted' | 'pilot' | 'denied' | 'gone', request?: DoorRequest, error?: GateError): void {
    const { counts, name } = this.core;
    if (type === 'admitted' || type === 'pilot') counts.admitted++;
    if (type === 'denied') counts.denied++;
    if (!channels.request.hasSubscribers) return;
    const waitedMs = request && request.since >= 0 ? this.#now() - request.since : null;
    const { flightNumber: flight } = this.core;
    const message = { gate: name, type, flight, waitedMs, held: counts.held, code: error?.code ?? null };
    if (request) request.inContext(publish, message);
    else publish(message);
  }

  #now(): number {
    return (this.core.clock.now() - this.#heldSince) | 0;
  }

  #hold(request: DoorRequest, connection: object | undefined): void {
    if (this.#places.taken === 0) this.#heldSince = this.core.clock.now();
    request.since = this.#now();
    if (this.#places.take(request, connection) && connection) request.watchConnection(connection);
    this.core.counts.held++;
    if (request.isIsolated)
      this.#ownTimers.set(
        request,
        waitLimit(this.core.clock, this.#waitTimeoutMs, () => this.#deny([request])),
      );
    else this.#cancelTimer ??= this.#timerFor(request);
    this.core.queue.join(request);
    this.record('held', request);
    request.onHeld();
  }

  /** One timer for all: each may wait equally long, so the first to come is the first to go. */
  #timerFor(oldest: DoorRequest): () => void {
    const { clock } = this.core;
    const left = Math.max(1, oldest.since + this.#waitTimeoutMs - this.#now());
    return waitLimit(clock, left, () => this.#denyOverdue(oldest.since));
  }

  /** Not while the gate is open: then they are on their way in. */
  #denyOverdue(since: number): void {
    this.#stopTimer();
    if (this.core.ready) return;
    const now = this.#now();
    const overdue: DoorRequest[] = [];
    for (const request of this.#held()) {
      if (now - request.since < this.#waitTimeoutMs && request.since > since) {
        this.#cancelTimer = this.#timerFor(request); // before any denial: a denied client may come again at once
        break;
      }
      overdue.push(request);
    }
    this.#deny(overdue);
  }

  *#held(): Generator<DoorRequest> {
    for (const waiter of this.core.queue as Iterable<Partial<DoorRequest>>)
      if (waiter.door === this) yield waiter as DoorRequest;
  }

  #closedError(): GateError {
    return this.core.error('ERR_GATE_CLOSED', 'has a server here that shuts down');
  }

  #deny(requests: readonly DoorRequest[]): void {
    const { core } = this;
    const text = `did not open within ${this.#waitTimeoutMs} ms`;
    void core.queue.deny(requests, () => core.error('ERR_GATE_WAIT_TIMEOUT', text));
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #endOwnTimer(request: DoorRequest): void {
    this.#ownTimers.get(request)?.();
    this.#ownTimers.delete(request);
  }
}

function publish(message: object): void {
  channels.request.publish(message);
}
