/**
 * Proves that a promise can never settle: when it was garbage-collected, nobody has it or its resolvers any more. Never
 * says so of one that may still settle; a promise that somebody keeps is left alone.
 */
import { isPromise } from 'node:util/types';
import { NativePromise } from './native-promise.js';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly unreachable: () => unknown;
}

const pending = new FinalizationRegistry<Pending>(({ reject, unreachable }) => {
  const error = unreachable();
  if (error !== undefined) reject(error);
});

/**
 * What `work` settles with, or a rejection once it is proven that it never will. Holds no reference to `work`; nor may the
 * caller. Only a native promise can be proven; anything else is just awaited, also one with a `then` of its own, which may
 * have its result from elsewhere.
 *
 * @param unreachable called with the proof; what it returns is the rejection, undefined leaves the promise pending
 */
export function unlessUnreachable<T>(work: T | PromiseLike<T>, unreachable: () => unknown): Promise<T> {
  const { promise, entry } = newEntry<T>(unreachable);
  if (isPromise(work) && work.then === NativePromise.prototype.then) {
    pending.register(work, entry, entry);
    void (work as Promise<T>).then(onValue<T>(entry), onError(entry));
  } else {
    entry.resolve(work as never);
  }
  return promise;
}

// The functions below have scopes of their own: a closure keeps all variables of its scope alive, `work` must not be one.

function newEntry<T>(unreachable: () => unknown): { promise: Promise<T>; entry: Pending } {
  let resolve!: (value: never) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, entry: { resolve, reject, unreachable } };
}

const onValue =
  <T>(entry: Pending) =>
  (value: T): void => {
    pending.unregister(entry);
    entry.resolve(value as never);
  };

const onError =
  (entry: Pending) =>
  (error: unknown): void => {
    pending.unregister(entry);
    entry.reject(error);
  };
