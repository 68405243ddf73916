import { NativePromise } from '@bootstrap-gate/deadlock/adapter';

/**
 * A promise that notices when somebody awaits it: what is started and forgotten is something else than what is waited
 * for. `join` is called at each `then`, and gives what the one who awaits gets.
 */
export class WatchedPromise<T> extends NativePromise<T> {
  /** What whoever awaits it gets, who is noticed by this. */
  declare join: () => Promise<T>;

  /** What is derived from it is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return NativePromise;
  }

  static of<T>(work: Promise<T>, join: () => Promise<T>): WatchedPromise<T> {
    const promise = new WatchedPromise<T>((resolve) => resolve(work));
    promise.join = join;
    void NativePromise.prototype.then.call(promise, undefined, () => {}); // forgotten, it does not fail the process
    return promise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.join().then(onFulfilled, onRejected);
  }
}
