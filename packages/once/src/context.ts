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

/** The step of this `once` object to which the running code belongs. */
export function heldBy(by: object): Held | undefined {
  let held = users > 0 ? storage.getStore() : undefined;
  while (held && held.by !== by) held = held.outer;
  return held;
}

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
