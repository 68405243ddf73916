import { channel } from 'node:diagnostics_channel';
import { type GateError, isGateError } from '../src/index.js';

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T | PromiseLike<T>): void;
  reject(reason: unknown): void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: Deferred<T>['resolve'];
  let reject!: Deferred<T>['reject'];
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

const kept: Promise<never>[] = [];

/** A promise that never settles, and is kept: one that nobody has would be proven hopeless (D7). */
export function never(): Promise<never> {
  const promise = new Promise<never>(() => {});
  kept.push(promise);
  return promise;
}

/** Resolves when the condition holds; the event loop turns in between. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** What a promise rejects with. Attaches at once, so that a rejection during the test is never unhandled. */
export function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    (value) => {
      throw new Error(`fulfilled with ${String(value)} instead of rejecting`);
    },
    (error: unknown) => error,
  );
}

/** The `GateError` that a promise rejects with. */
export async function refusal(promise: PromiseLike<unknown>): Promise<GateError> {
  const error = await rejection(promise);
  if (!isGateError(error)) throw new Error(`rejected with something else: ${String(error)}`, { cause: error });
  return error;
}

/** What became of a promise so far, without waiting for it. */
export function watch<T>(promise: PromiseLike<T>): { state: 'pending' | 'fulfilled' | 'rejected' } {
  const seen: { state: 'pending' | 'fulfilled' | 'rejected' } = { state: 'pending' };
  promise.then(
    () => (seen.state = 'fulfilled'),
    () => (seen.state = 'rejected'),
  );
  return seen;
}

/** A promise for a signal that fires: what an obedient bootstrap waits for. */
export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail);
  });

export interface SeenWarning {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly cause: unknown;
}

/** Collects process warnings instead of emitting them. Ends with `jest.restoreAllMocks()`. */
export function collectWarnings(): SeenWarning[] {
  const seen: SeenWarning[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    const { name, message, cause, code } = warning as Error & { code: string };
    seen.push({ name, message, cause, code });
  });
  return seen;
}

/**
 * Collects what is published on one of the gate's channels while `run` runs. Test files share their process, and so its
 * channels, with those before them: what is left of those is of another realm.
 */
export async function collectMessages(name: string, run: () => Promise<void>): Promise<Record<string, unknown>[]> {
  const messages: Record<string, unknown>[] = [];
  const listen = (message: unknown): void =>
    void (message instanceof Object && messages.push(message as Record<string, unknown>));
  const subject = channel(`bootstrap-gate.${name}`);
  subject.subscribe(listen);
  try {
    await run();
  } finally {
    subject.unsubscribe(listen);
  }
  return messages;
}
