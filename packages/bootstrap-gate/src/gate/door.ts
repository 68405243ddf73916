/** What an adapter puts in front of the application: it holds guests at a gate, so many and so long. */
import { currentScope } from '@bootstrap-gate/deadlock/adapter';
import type { GateCore } from './gate-core.js';
import { channels } from '../observe/channels.js';
import { OwnContext } from '../kit/context.js';
import type { GateError } from '../kit/errors.js';

import type { Waiter } from './wait-queue.js';
import type { Pilot } from './startup.js';

export interface DoorSettings {
  readonly waitTimeoutMs: number;
  readonly maxWaiting: number;
}

/**
 * A request at a door. It goes on, or is denied, in the async context that it was constructed in. There may be very many
 * of them, so they carry little.
 */
export abstract class Guest<D extends Door = Door> extends OwnContext implements Waiter {
  readonly door: D;
  /** What others come through as well; all of them take at most a quarter of the places. */
  readonly connection: object | undefined;
  /** When it began to wait, in ms after its door began to hold; -1 before. */
  heldAt = -1;

  /** @param connection undefined where it is the first or only one of its connection, which need not be counted */
  constructor(door: D, connection: object | undefined) {
    super();
    this.door = door;
    this.connection = connection;
  }

  abstract get canPilot(): boolean;

  get key(): object {
    return this;
  }

  get hearsCause(): boolean {
    return false;
  }

  /** How many of its connection may be waiting that were not counted. */
  get uncounted(): number {
    return 0;
  }

  /** Whether nobody is there any more who could be answered. */
  abstract get isGone(): boolean;
  /** Begins to wait: from now on it calls `door.gone` when it is gone. */
  abstract onHeld(): void;
  /** No longer waits, for whatever reason: takes off the listeners of `onHeld`. */
  protected abstract onLeft(): void;
  /** Goes on into the application. */
  protected abstract onAdmitted(pilot: Pilot | undefined): void;
  /** Is told no. */
  protected abstract onDenied(error: GateError): void;
  /** Is forgotten: neither admitted nor denied. */
  abstract onGone(): void;

  leave(): void {
    this.door.leave(this);
    this.onLeft();
  }

  admit(pilot?: Pilot): void {
    if (this.isGone) {
      this.door.dismiss(this);
      pilot?.end('failed');
      return;
    }
    this.door.tell(pilot ? 'pilot' : 'admitted', this);
    this.runInAsyncScope(this.onAdmitted, this, pilot);
  }

  deny(error: GateError): void {
    this.door.tell('denied', this, error);
    this.runInAsyncScope(this.onDenied, this, error);
  }
}

export class Door {
  readonly gate: GateCore;
  readonly #limits: DoorSettings;
  readonly #mostPerConnection: number;
  /** When it began to hold those that it holds now. Times that count from it are small integers, which cost no memory. */
  #heldSince = 0;
  readonly #heldByConnection = new Map<object, number>();
  #held = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(gate: GateCore, settings: DoorSettings) {
    this.gate = gate;
    this.#limits = settings;
    this.#mostPerConnection = Math.max(1, Math.floor(settings.maxWaiting / 4));
  }

  /** Admits, holds or denies a guest. The gate gets going even when this guest finds no place. */
  enter(guest: Guest): void {
    if (guest.isGone) return this.dismiss(guest);
    const decision = this.gate.passage(guest.canPilot, currentScope()); // a pilot may come to a second door of its gate
    if (decision.kind === 'admit') return guest.admit(decision.pilot);
    if (decision.kind === 'deny') return guest.deny(decision.error);

    if (this.#isFullFor(guest)) guest.deny(this.gate.error('ERR_GATE_QUEUE_FULL', 'has no place left to wait'));
    else this.#hold(guest);
    this.gate.start();
  }

  /** Takes out a guest that is gone. */
  gone(guest: Guest): void {
    if (this.gate.queue.take(guest)) this.dismiss(guest);
  }

  dismiss(guest: Guest): void {
    this.tell('gone', guest);
    guest.onGone();
  }

  /** Counts what became of a request, and tells it in the request's own context; without a guest it was neither held nor
   * a pilot. */
  tell(type: 'held' | 'admitted' | 'pilot' | 'denied' | 'gone', guest?: Guest, error?: GateError): void {
    const { counts, name } = this.gate;
    if (type === 'admitted' || type === 'pilot') counts.admitted++;
    if (type === 'denied') counts.denied++;
    if (!channels.request.hasSubscribers) return;
    const waitedMs = guest && guest.heldAt >= 0 ? this.#now() - guest.heldAt : null;
    const code = error?.code ?? null;
    const message = { gate: name, type, flight: this.gate.flightNumber, waitedMs, held: counts.held, code };
    if (guest) guest.runInAsyncScope(channels.request.publish, channels.request, message);
    else channels.request.publish(message);
  }

  /** Gives back the guest's place. */
  leave({ connection }: Guest): void {
    this.#held--;
    this.gate.counts.held--;
    if (connection) this.#countConnection(connection, -1);
    if (this.#held === 0) this.#stopTimer();
  }

  #now(): number {
    return (this.gate.clock.now() - this.#heldSince) | 0;
  }

  #isFullFor({ connection, uncounted }: Guest): boolean {
    if (this.#held >= this.#limits.maxWaiting) return true;
    return (
      connection !== undefined && (this.#heldByConnection.get(connection) ?? 0) + uncounted >= this.#mostPerConnection
    );
  }

  #countConnection(connection: object, by: 1 | -1): void {
    const count = (this.#heldByConnection.get(connection) ?? 0) + by;
    if (count > 0) this.#heldByConnection.set(connection, count);
    else this.#heldByConnection.delete(connection);
  }

  #hold(guest: Guest): void {
    if (this.#held++ === 0) this.#heldSince = this.gate.clock.now();
    guest.heldAt = this.#now();
    this.gate.counts.held++;
    if (guest.connection) this.#countConnection(guest.connection, 1);
    this.#cancelTimer ??= this.#timerFor(guest);
    this.gate.queue.join(guest);
    this.tell('held', guest);
    guest.onHeld();
  }

  /** One timer for all: everybody may wait equally long, so the first to come is the first to go. */
  #timerFor(oldest: Guest): () => void {
    const left = oldest.heldAt + this.#limits.waitTimeoutMs - this.#now();
    return this.gate.clock.after(Math.max(1, left), () => this.#denyOverdue());
  }

  #denyOverdue(): void {
    this.#cancelTimer = undefined;
    const { gate } = this;
    const { waitTimeoutMs } = this.#limits;
    const now = this.#now();
    const overdue: Guest[] = [];
    for (const guest of gate.queue) {
      if (!(guest instanceof Guest) || guest.door !== this) continue;
      if (now - guest.heldAt < waitTimeoutMs) {
        this.#cancelTimer = this.#timerFor(guest);
        break;
      }
      overdue.push(guest);
    }
    // Who is told no may come again at once, so the timer is set before.
    const error = (): GateError => gate.error('ERR_GATE_WAIT_TIMEOUT', `did not open within ${waitTimeoutMs} ms`);
    for (const guest of overdue) if (gate.queue.take(guest)) guest.deny(error());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
