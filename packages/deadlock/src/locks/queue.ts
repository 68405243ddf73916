/** Those who wait for a lock, in the order of async-mutex: by priority, then by arrival. */
import { type ProvableResource, ProvableWait, type WaitSettings } from '../wait.js';
import type { Held } from './held.js';

/** How a lock is asked for. */
export interface Request<T> {
  readonly weight: number;
  readonly priority: number;
  /** Makes what the caller gets of what was taken; `value`: how many places were free before. */
  readonly give: (held: Held, value: number) => T;
  /** Whether a callback will hold it, rather than whoever asks. */
  readonly isForCallback: boolean;
}

/** One who waits to take places. The promise that it awaits is its place in the queue. */
export class LockWait<T> extends ProvableWait<T> {
  readonly request: Request<T>;

  constructor(on: ProvableResource, request: Request<T>, settings: WaitSettings) {
    super(on, settings);
    this.request = request;
  }

  get priority(): number {
    return this.request.priority;
  }
}

export type AnyLockWait = LockWait<unknown>;

/** Puts an entry behind the last one of at least its priority. */
export function enqueue<E extends { readonly priority: number }>(queue: E[], entry: E): void {
  let at = queue.length;
  while (at > 0 && queue[at - 1]!.priority < entry.priority) at--;
  if (at === queue.length) queue.push(entry);
  else queue.splice(at, 0, entry);
}
