/** The callers and requests that wait at a gate, in the order of their arrival. Here, and nowhere else, they are settled. */
import type { Pilot } from './startup.js';
import type { Clock } from '../kit/clock.js';
import type { GateError } from '../kit/errors.js';

/** Exactly one of `admit` and `deny` is called, once, after `leave`; neither when it was taken out. */
export interface Waiter {
  /** What it is found by: itself, or the object whose events it waits for. The same as long as it waits. */
  readonly key: object;
  /** Whether it can be let through alone in first-request mode. */
  readonly canPilot: boolean;
  /** Whether it gets the cause of a failure: callers do, requests do not. */
  readonly hearsCause: boolean;
  /** Whether the release has to pause before it: as many as its door allows are at work. */
  readonly mustPause?: boolean;
  /** It has left the queue: gives back its place, its timer, its listeners. */
  leave(): void;
  admit(pilot?: Pilot): void;
  deny(error: GateError): void;
}

/** Waiters that are denied, and do not know yet. */
interface Denial {
  readonly waiters: Map<object, Waiter>;
  readonly error: (waiter: Waiter) => GateError;
  readonly onEnd: () => void;
}

/**
 * How many are settled in one turn of the event loop at most, and for how many ms: synchronous handlers use up the time,
 * handlers that first await something only count.
 */
const SLICE = { count: 32, ms: 15 };

/** How long the release pauses while as many as allowed are at work. Nothing tells when one of them begins to answer. */
const PAUSE_MS = 5;

export class WaitQueue {
  /** By key, in the order of arrival. */
  #waiting = new Map<object, Waiter>();
  readonly #denials: Denial[] = [];
  readonly #clock: Clock;
  #isOpen = (): boolean => false;
  #isSettling = false;
  #continues = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#denials.reduce((sum, { waiters }) => sum + waiters.size, this.#waiting.size);
  }

  /** Those that are not denied. */
  [Symbol.iterator](): IterableIterator<Waiter> {
    return this.#waiting.values();
  }

  join(waiter: Waiter): void {
    this.#waiting.set(waiter.key, waiter);
  }

  find(key: object): Waiter | undefined {
    return this.#mapOf(key)?.get(key);
  }

  /** Takes one out unsettled; false when it was settled or taken out before. */
  take(waiter: Waiter): boolean {
    if (!this.#mapOf(waiter.key)?.delete(waiter.key)) return false;
    waiter.leave();
    return true;
  }

  /** Lets all of them in, in slices that leave the event loop free in between, for as long as `isOpen` says so. */
  release(isOpen: () => boolean): void {
    this.#isOpen = isOpen;
    if (!this.#continues) this.#settleSlice();
  }

  /** Denies those that wait now, in slices; who joins meanwhile stays. Resolves when all of them know. */
  denyAll(error: Denial['error']): Promise<void> {
    const waiters = this.#waiting;
    this.#waiting = new Map();
    return this.#deny(waiters, error);
  }

  /** The same for some of them. */
  deny(some: readonly Waiter[], error: Denial['error']): Promise<void> {
    const waiters = new Map<object, Waiter>();
    for (const waiter of some) if (this.#waiting.delete(waiter.key)) waiters.set(waiter.key, waiter);
    return this.#deny(waiters, error);
  }

  get hasPilot(): boolean {
    for (const waiter of this) if (waiter.canPilot) return true;
    return false;
  }

  /** Takes out the first that can be a pilot. */
  takePilot(): Waiter | undefined {
    for (const waiter of this) {
      if (waiter.canPilot && this.take(waiter)) return waiter;
    }
    return undefined;
  }

  #mapOf(key: object): Map<object, Waiter> | undefined {
    if (this.#denials.length === 0 || this.#waiting.has(key)) return this.#waiting;
    return this.#denials.find(({ waiters }) => waiters.has(key))?.waiters;
  }

  #deny(waiters: Denial['waiters'], error: Denial['error']): Promise<void> {
    if (waiters.size === 0) return Promise.resolve();
    return new Promise((onEnd) => {
      this.#denials.push({ waiters, error, onEnd });
      this.#settleSlice();
    });
  }

  /** One that is settled may open, close or reset the gate: the slice that is under way then takes that up. */
  #settleSlice(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    const slice = { left: SLICE.count, end: this.#clock.now() + SLICE.ms };
    let isPaused = false;
    while (!this.#denySome(slice)) {
      isPaused = this.#admitSome(slice);
      if (this.#denials.length === 0) break;
    }
    this.#isSettling = false;
    if (!this.#continues && (this.#denials.length > 0 || this.#hasAdmittable)) this.#continueLater(isPaused);
  }

  #continueLater(isPaused: boolean): void {
    this.#continues = true;
    const go = (): void => {
      this.#continues = false;
      this.#settleSlice();
    };
    if (isPaused) this.#clock.after(PAUSE_MS, go);
    else this.#clock.soon(go);
  }

  get #hasAdmittable(): boolean {
    return this.#waiting.size > 0 && this.#isOpen();
  }

  /** @returns whether the slice is used up */
  #denySome(slice: Slice): boolean {
    for (let denial = this.#denials[0]; denial; denial = this.#denials[0]) {
      const { waiters, error, onEnd } = denial;
      for (const waiter of waiters.values()) {
        if (this.#isUsedUp(slice)) return true;
        if (this.take(waiter)) settle(() => waiter.deny(error(waiter)));
      }
      this.#denials.shift();
      onEnd();
    }
    return false;
  }

  /** @returns whether the next one has to pause */
  #admitSome(slice: Slice): boolean {
    for (const waiter of this) {
      if (this.#denials.length > 0 || !this.#isOpen() || this.#isUsedUp(slice)) return false;
      if (waiter.mustPause) return true;
      if (this.take(waiter)) settle(() => waiter.admit());
    }
    return false;
  }

  #isUsedUp(slice: Slice): boolean {
    const isFirst = slice.left === SLICE.count; // one is always settled, even where a clock leaps ahead
    return slice.left-- <= 0 || (!isFirst && this.#clock.now() >= slice.end);
  }
}

interface Slice {
  left: number;
  readonly end: number;
}

/** An exception of the application surfaces as an uncaught one, as it would without a gate, and holds up nothing else. */
export function settle(call: () => void): void {
  try {
    call();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
