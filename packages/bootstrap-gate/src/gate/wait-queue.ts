/** Those who wait at a gate, in the order of their arrival. Here, and nowhere else, a waiter is settled. */
import type { Clock } from '../kit/clock.js';
import type { GateError } from '../kit/errors.js';
import type { Pilot } from './startup.js';

/** One who waits. Exactly one of `admit` and `deny` is called, once, after `leave`; neither when it was taken out. */
export interface Waiter {
  /** What it is found by: itself, or what it waits for to happen to. The same as long as it waits. */
  readonly key: object;
  /** Whether it can be let through alone in first-request mode. */
  readonly canPilot: boolean;
  /** Whether it is told the cause of a failure: callers are, requests are not. */
  readonly hearsCause: boolean;
  /** It has left the line: gives back its place, its timer, its listeners. */
  leave(): void;
  admit(pilot?: Pilot): void;
  deny(error: GateError): void;
}

/** How many are released in one turn of the event loop at most, and for how many ms: synchronous handlers use up the
 * time, handlers that first await something only count. */
const SLICE = { count: 32, ms: 10 };

export class Line {
  /** By key, in the order of arrival. */
  readonly #waiting = new Map<object, Waiter>();
  readonly #clock: Clock;
  #releasing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  [Symbol.iterator](): IterableIterator<Waiter> {
    return this.#waiting.values();
  }

  join(waiter: Waiter): void {
    this.#waiting.set(waiter.key, waiter);
  }

  /** Who waits under this key. */
  find(key: object): Waiter | undefined {
    return this.#waiting.get(key);
  }

  /** Takes one out unsettled; false when it was settled or taken out before. */
  take(waiter: Waiter): boolean {
    if (!this.#waiting.delete(waiter.key)) return false;
    waiter.leave();
    return true;
  }

  /** Lets everybody in, in slices that leave the event loop free in between, for as long as `open` says so. */
  release(open: () => boolean): void {
    if (this.#releasing || this.#waiting.size === 0 || !open()) return;
    const end = this.#clock.now() + SLICE.ms;
    let count = 0;
    for (const waiter of this) {
      this.take(waiter);
      settle(() => waiter.admit());
      if (!open()) return;
      if (++count === SLICE.count || this.#clock.now() >= end) break;
    }
    this.#releasing = true;
    this.#clock.soon(() => {
      this.#releasing = false;
      this.release(open);
    });
  }

  /** Denies those who wait now; who joins meanwhile stays. `error` is called for each of them. */
  denyAll(error: (waiter: Waiter) => GateError): void {
    for (const waiter of [...this]) {
      if (this.take(waiter)) settle(() => waiter.deny(error(waiter)));
    }
  }

  get hasPilot(): boolean {
    for (const waiter of this) if (waiter.canPilot) return true;
    return false;
  }

  /** Takes out the first who can be a pilot. */
  takePilot(): Waiter | undefined {
    for (const waiter of this) {
      if (waiter.canPilot && this.take(waiter)) return waiter;
    }
    return undefined;
  }
}

/** An exception of the application surfaces as an uncaught one, as it would without a gate, and holds up nobody else. */
export function settle(call: () => void): void {
  try {
    call();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
