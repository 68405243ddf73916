import type { MutexInterface } from 'async-mutex';
import type { Held } from './held.js';
import type { Lock } from './lock.js';

/** The interface of a mutex of async-mutex over a traced lock of one place. */
export class TracedMutex implements MutexInterface {
  readonly #lock: Lock;
  readonly #give: (held: Held) => MutexInterface.Releaser;
  #isAsked = false;

  constructor(lock: Lock) {
    this.#lock = lock;
    this.#give = releaserOf(lock);
  }

  acquire(priority = 0): Promise<MutexInterface.Releaser> {
    const ask = { method: this.acquire, weight: 1, priority, give: this.#give, isForCallback: false };
    return this.#lock.take(ask, this.#isLimited());
  }

  async runExclusive<T>(callback: MutexInterface.Worker<T>, priority = 0): Promise<T> {
    const ask = { method: this.runExclusive, weight: 1, priority, give: itself, isForCallback: true };
    const held = await this.#lock.take(ask, false);
    return this.#lock.during(held, callback) as Promise<T>;
  }

  waitForUnlock(priority = 0): Promise<void> {
    return this.#lock.untilFree(this.waitForUnlock, 1, priority, this.#isLimited());
  }

  isLocked(): boolean {
    return this.#lock.value <= 0;
  }

  release(): void {
    if (this.isLocked()) this.#lock.freeByHand(1);
  }

  cancel(): void {
    this.#lock.cancel();
  }

  /**
   * `withTimeout` and `tryAcquire` of async-mutex look for this method of semaphores right before they call `acquire`. It is
   * all that tells their waits, which end by themselves, from others.
   */
  get getValue(): undefined {
    this.#isAsked = true;
    queueMicrotask(() => (this.#isAsked = false));
    return undefined;
  }

  #isLimited(): boolean {
    const wasAsked = this.#isAsked;
    this.#isAsked = false;
    return wasAsked;
  }
}

const itself = (held: Held): Held => held;

export const releaserOf =
  (lock: Lock) =>
  (held: Held): (() => void) =>
  () =>
    lock.free(held);
