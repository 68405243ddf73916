import { NativePromise } from './native-promise.js';

/** Notices who awaits it. What is derived from it is an ordinary promise. */
export class SharedPromise<T> extends NativePromise<T> {
  declare join: () => void;

  static override get [Symbol.species](): PromiseConstructor {
    return NativePromise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.join();
    return super.then(onFulfilled, onRejected);
  }
}
