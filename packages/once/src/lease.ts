import { OnceFencedError } from './errors.js';

/**
 * One execution's right to work. `beats`: it rests on the session's beats and is lost with them. `connection`: an open
 * transaction holds the step's row, which is stronger than any beat; it is lost with its connection.
 */
export class Lease {
  readonly rests: 'beats' | 'connection';
  readonly #controller = new AbortController();

  constructor(rests: 'beats' | 'connection') {
    this.rests = rests;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isLost(): boolean {
    return this.signal.aborted;
  }

  lose(why: string, cause?: unknown): void {
    if (!this.isLost) this.#controller.abort(new OnceFencedError(why, { cause }));
  }
}
