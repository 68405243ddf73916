import type { Clock } from '../kit/clock.js';

/** A request that was released. */
export interface Released {
  /** Whether its answer has begun, or is over. */
  readonly hasBegun: boolean;
  /** When it was released. */
  since: number;
}

/** A request whose answer has not begun counts no longer than this: a stream or a long poll holds up nothing. */
const LONGEST_START_MS = 1_000;

/** How many released requests are at work at once: each counts until its answer begins. */
export class ReleasePace {
  readonly #limit: number;
  readonly #now: () => number;
  #atWork: Released[] = [];

  constructor(limit: number, now: Clock['now']) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Whether as many as allowed are at work. */
  get isBusy(): boolean {
    if (this.#atWork.length < this.#limit) return false;
    const now = this.#now();
    this.#atWork = this.#atWork.filter(({ since, hasBegun }) => !hasBegun && now - since < LONGEST_START_MS);
    return this.#atWork.length >= this.#limit;
  }

  count(request: Released): void {
    if (request.hasBegun) return;
    request.since = this.#now();
    this.#atWork.push(request);
  }

  /** None is left that would have to wait for those. */
  forget(): void {
    if (this.#atWork.length > 0) this.#atWork = [];
  }
}
