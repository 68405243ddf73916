import { Mutex } from 'async-mutex';

/** Flights, and the undoing of flights, take turns: no two of them overlap. */
export class Turns {
  readonly #mutex = new Mutex();

  get taken(): boolean {
    return this.#mutex.isLocked();
  }

  /** Runs work that never rejects, in this tick when the turn is free. */
  take(work: () => Promise<void>): Promise<void> {
    const free = !this.#mutex.isLocked();
    const turn = this.#mutex.acquire();
    return (free ? work() : turn.then(work)).finally(() => this.#mutex.release());
  }
}
