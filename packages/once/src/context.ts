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
let users = 0;

export const currentlyHeld = (): Held | undefined => (users > 0 ? storage.getStore() : undefined);

/**
 * Runs the work of a step in its context. After the last one the storage is disabled, because on Node 20 it would otherwise
 * slow down every promise of the process.
 */
export async function runHeld<R>(held: Held, work: () => Promise<R>): Promise<R> {
  users++;
  try {
    return await storage.run(held, work);
  } finally {
    if (--users === 0) setImmediate(disableIdle).unref();
  }
}

function disableIdle(): void {
  if (users === 0) storage.disable();
}
