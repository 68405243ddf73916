/** Which shared step the running code belongs to, across awaits. The only file that imports async_hooks. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Held {
  /** The `once` object that the step belongs to. */
  readonly by: object;
  readonly step: string;
  readonly fence: number;
  readonly outer: Held | undefined;
}

const storage = new AsyncLocalStorage<Held>();

export const currentlyHeld = (): Held | undefined => storage.getStore();

export function runHeld<R>(held: Held, fn: () => R): R {
  return storage.run(held, fn);
}
