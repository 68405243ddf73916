import type { SemaphoreInterface } from 'async-mutex';
import type { Lock } from './lock.js';

/** A semaphore of one place, traced like a mutex. */
export class TracedSemaphore implements SemaphoreInterface {
  readonly #semaphore: SemaphoreInterface;
  readonly #lock: Lock;

  constructor(semaphore: SemaphoreInterface, lock: Lock) {
    this.#semaphore = semaphore;
    this.#lock = lock;
  }

  acquire(weight?: number, priority?: number): Promise<[number, SemaphoreInterface.Releaser]> {
    const at = this.#lock.place(this.acquire);
    return this.#lock.take(this.acquire, async () => {
      const [value, release] = await this.#semaphore.acquire(weight, priority);
      const held = this.#lock.taken(at);
      const releaseTraced = (): void => {
        release();
        this.#lock.freed(held);
      };
      return [value, releaseTraced];
    });
  }

  runExclusive<T>(callback: SemaphoreInterface.Worker<T>, weight?: number, priority?: number): Promise<T> {
    const at = this.#lock.place(this.runExclusive);
    return this.#lock.take(this.runExclusive, (end) =>
      this.#semaphore.runExclusive(
        (value) => {
          end();
          return this.#lock.during(() => callback(value), at) as Promise<T>;
        },
        weight,
        priority,
      ),
    );
  }

  waitForUnlock(weight?: number, priority?: number): Promise<void> {
    return this.#lock.untilFree(this.waitForUnlock, () => this.#semaphore.waitForUnlock(weight, priority));
  }

  isLocked(): boolean {
    return this.#semaphore.isLocked();
  }

  getValue(): number {
    return this.#semaphore.getValue();
  }

  /** @throws TypeError above 1: several holders would not be told apart */
  setValue(value: number): void {
    if (value > 1) throw new TypeError('setValue: a traced semaphore has one place');
    this.#semaphore.setValue(value);
    if (value > 0) this.#lock.freed();
  }

  /** @throws TypeError where that would make a second place */
  release(weight = 1): void {
    if (this.getValue() + weight > 1) throw new TypeError('release: a traced semaphore has one place, and it is free');
    this.#semaphore.release(weight);
    this.#lock.freed();
  }

  cancel(): void {
    this.#semaphore.cancel();
  }
}
