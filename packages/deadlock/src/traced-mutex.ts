import type { MutexInterface } from 'async-mutex';
import type { Lock } from './lock.js';

/** A mutex that tells the graph who holds it and who waits for it, and leaves the excluding to the one inside. */
export class TracedMutex implements MutexInterface {
  readonly #mutex: MutexInterface;
  readonly #lock: Lock;

  constructor(mutex: MutexInterface, lock: Lock) {
    this.#mutex = mutex;
    this.#lock = lock;
  }

  acquire(priority?: number): Promise<MutexInterface.Releaser> {
    const at = this.#lock.place(this.acquire);
    return this.#lock.take(this.acquire, async () => {
      const release = await this.#mutex.acquire(priority);
      const held = this.#lock.taken(at);
      return () => {
        release();
        this.#lock.freed(held);
      };
    });
  }

  runExclusive<T>(callback: MutexInterface.Worker<T>, priority?: number): Promise<T> {
    const at = this.#lock.place(this.runExclusive);
    return this.#lock.take(this.runExclusive, (end) =>
      this.#mutex.runExclusive(() => {
        end();
        return this.#lock.during(callback, at) as Promise<T>;
      }, priority),
    );
  }

  waitForUnlock(priority?: number): Promise<void> {
    return this.#lock.untilFree(this.waitForUnlock, () => this.#mutex.waitForUnlock(priority));
  }

  isLocked(): boolean {
    return this.#mutex.isLocked();
  }

  release(): void {
    this.#mutex.release();
    this.#lock.freed();
  }

  cancel(): void {
    this.#mutex.cancel();
  }
}
