/** Waiting, within limits that only what is broken exceeds. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** No plan takes a fraction of it, and no machine is so slow. */
export const LIMIT_MS = 30_000;

/** Whether `work` ends. */
export async function ends(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const cancel = new AbortController();
  const limit = sleep(limitMs, false, { signal: cancel.signal }).catch(() => false);
  const result = await Promise.race([work.then(() => true), limit]);
  cancel.abort();
  return result;
}

/** Waits, turn by turn, for what nothing announces; whether it comes true. */
export async function comesTrue(condition: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await turn();
  }
  return true;
}
