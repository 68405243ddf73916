/** What a check is, and what checks write. */
import { randomUUID } from 'node:crypto';
import type { Change, Status, Store } from '../store.js';

export interface StoreUnderTest {
  /** Opens the same store once more, as another process would. */
  open(): Promise<Store>;
}

export interface StoreCheck {
  readonly id: string;
  readonly title: string;
  /** Rejects where the store does not do it. */
  run(target: StoreUnderTest): Promise<void>;
}

/** Longer than any check takes. */
export const LONG_MS = 60_000;
/** Over before anybody looks; an observer's clock needs to see it twice. */
export const SHORT_MS = 20;
export const IDLE: Status = { progress: {}, waits: [] };

export const newStep = () => ({ namespace: randomUUID(), name: 'migrate' });

export async function joined(store: Store, ttlMs = LONG_MS): Promise<string> {
  const id = randomUUID();
  await store.join({ id, host: 'web-1', pid: 42 }, ttlMs);
  return id;
}

export const running = (owner: string | null, key = 'v1', fence = 1, ttlMs: number | undefined = LONG_MS): Change => ({
  fence,
  owner,
  key,
  run: { order: null, state: 'running', attempts: 1, result: null, error: null, retryInMs: 0 },
  ...(ttlMs !== undefined && owner !== null && { ttlMs }),
});

export const finished = (key: string, result: string | null, order: number | null = null, fence = 1): Change => ({
  fence,
  owner: null,
  key,
  run: { order, state: 'done', attempts: 1, result, error: null, retryInMs: 0 },
});

export const check = (id: string, title: string, run: (open: () => Promise<Store>) => Promise<void>): StoreCheck => ({
  id,
  title,
  run: (target) => run(() => target.open()),
});
