import type { Gate } from '../../../../src/index.js';
import { atEnd } from './network.js';
import { until } from '../../../support.js';

export { until };

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T = void>(): Deferred<T> {
  let settle!: Omit<Deferred<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}

/** Resolves when so many wait at the gate. */
export async function held(gate: Gate, count: number): Promise<void> {
  await until(() => gate.waiting === count);
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the process was warned of, from here to the end of the test. */
export function warnings(): { code: string; message: string; cause: unknown }[] {
  const seen: { code: string; message: string; cause: unknown }[] = [];
  const spy = jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    const { code, message, cause } = warning as Error & { code: string };
    seen.push({ code, message, cause });
  });
  atEnd(() => spy.mockRestore());
  return seen;
}
