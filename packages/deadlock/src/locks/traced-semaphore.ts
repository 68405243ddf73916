import type { SemaphoreInterface } from 'async-mutex';
import type { Held } from './held.js';
import type { Lock } from './lock.js';
import { releaserOf } from './traced-mutex.js';

type Ticket = [number, SemaphoreInterface.Releaser];

/** The interface of a semaphore of async-mutex over a traced lock. */
export class TracedSemaphore implements SemaphoreInterface {
  readonly #lock: Lock;
  readonly #give: (held: Held, value: number) => Ticket;
  #isAsked = false;

  constructor(lock: Lock) {
    this.#lock = lock;
    const releaser = releaserOf(lock);
    this.#give = (held, value) => [value, releaser(held)];
  }

  acquire(weight = 1, priority = 0): Promise<Ticket> {
    checkWeight(weight);
    const ask = { method: this.acquire, weight, priority, give: this.#give, isForCallback: false };
    return this.#lock.take(ask, this.#isLimited());
  }

  async runExclusive<T>(callback: SemaphoreInterface.Worker<T>, weight = 1, priority = 0): Promise<T> {
    checkWeight(weight);
    const ask = { method: this.runExclusive, weight, priority, give: both, isForCallback: true };
    const [value, held] = await this.#lock.take(ask, false);
    return this.#lock.during(held, () => callback(value)) as Promise<T>;
  }

  waitForUnlock(weight = 1, priority = 0): Promise<void> {
    checkWeight(weight);
    return this.#lock.untilFree(this.waitForUnlock, weight, priority, this.#isLimited());
  }

  isLocked(): boolean {
    return this.#lock.value <= 0;
  }

  /** Read but not called, it is `withTimeout` or `tryAcquire` that asks; see `TracedMutex`. */
  get getValue(): () => number {
    this.#isAsked = true;
    queueMicrotask(() => (this.#isAsked = false));
    return () => {
      this.#isAsked = false;
      return this.#lock.value;
    };
  }

  setValue(value: number): void {
    this.#lock.value = value;
  }

  release(weight = 1): void {
    checkWeight(weight);
    this.#lock.freeByHand(weight);
  }

  cancel(): void {
    this.#lock.cancel();
  }

  #isLimited(): boolean {
    const wasAsked = this.#isAsked;
    this.#isAsked = false;
    return wasAsked;
  }
}

const both = (held: Held, value: number): [number, Held] => [value, held];

function checkWeight(weight: number): void {
  if (weight <= 0) throw new Error(`invalid weight ${weight}: must be positive`);
}
