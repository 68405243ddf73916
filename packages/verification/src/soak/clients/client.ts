/** What all clients have in common. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../ledger/ledger.js';
import type { ClientKind, PlanOf } from '../plan/types.js';
import type { Site } from '../site.js';

/** Resolves when all its requests have ended, and its connections. */
export type Client<Kind extends ClientKind> = (plan: PlanOf<Kind>, site: Site, ledger: Ledger) => Promise<void>;

/** Whether `ms` have passed before it was over. */
export async function lasted(ms: number | undefined, over: Promise<unknown>): Promise<boolean> {
  if (ms === undefined) return false;
  const cancel = new AbortController();
  const passed = sleep(ms, true, { signal: cancel.signal }).catch(() => false);
  const result = await Promise.race([passed, over.then(() => false)]);
  cancel.abort();
  return result;
}

/** So many parts of about the same size. */
export function inParts(data: Buffer, parts: number): Buffer[] {
  const size = Math.max(1, Math.ceil(data.length / parts));
  return Array.from({ length: Math.ceil(data.length / size) }, (_, i) => data.subarray(i * size, (i + 1) * size));
}
