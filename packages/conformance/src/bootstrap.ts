import type { Boot } from 'bootstrap-gate';
import { currentStore } from './context.js';
import { type Deferred, deferred } from './wait.js';

/** A bootstrap that the check ends as it likes. It ends by itself when its flight is aborted. */
export class TestBootstrap {
  /** The request's store that each call saw; there must be none. */
  readonly stores: (string | undefined)[] = [];
  readonly #runs: Deferred<unknown>[] = [];
  readonly #starts: Deferred<void>[] = [];

  get calls(): number {
    return this.#runs.length;
  }

  readonly run = ({ signal }: Boot): Promise<unknown> => {
    const run = deferred<unknown>();
    signal.addEventListener('abort', () => run.reject(signal.reason));
    this.stores.push(currentStore());
    this.#runs.push(run);
    this.#start(this.#runs.length).resolve();
    return run.promise;
  };

  /** Resolves when it has been called so many times. */
  started(times = 1): Promise<void> {
    return this.#start(times).promise;
  }

  /** Ends the latest call. */
  succeed(value: unknown = { from: 'bootstrap' }): void {
    this.#runs.at(-1)?.resolve(value);
  }

  fail(error: unknown = new Error('the bootstrap failed')): void {
    this.#runs.at(-1)?.reject(error);
  }

  #start(times: number): Deferred<void> {
    return (this.#starts[times] ??= deferred());
  }
}
