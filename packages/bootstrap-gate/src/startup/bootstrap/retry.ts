import { warn } from '@bootstrap-gate/deadlock/adapter';
import { count, callback, duration, readOptions } from '../../kit/check-options.js';
import type { Clock } from '../../kit/clock.js';
import { messageOf } from '../../kit/errors.js';
import type { RetryOptions } from '../../kit/types.js';

/** How often a failed call is repeated, and after what delay. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly when: RetryOptions['when'];
}

const retryRules = {
  attempts: count(1),
  delayMs: duration(500, { finite: true, least: 0 }),
  maxDelayMs: duration(30_000, { finite: true }),
  when: callback<NonNullable<RetryOptions['when']>>(),
};

export const readRetry = (where: string, given: RetryOptions | undefined): RetryPolicy =>
  readOptions<RetryPolicy>(`${where}: option "retry"`, given, retryRules);

/** Whether the failed attempt is followed by another one. A `when` that fails ends the repetition and is reported. */
export function wantsRetry(policy: RetryPolicy, error: unknown, attempt: number): boolean {
  if (attempt >= policy.attempts) return false;
  if (!policy.when) return true;
  try {
    const answer: unknown = policy.when(error, attempt);
    if (!(answer instanceof Promise)) return Boolean(answer);
    answer.catch(() => {}); // it is told below
    throw new TypeError('it must answer at once, not with a promise');
  } catch (thrown) {
    warn('GATE_CALLBACK_FAILED', `The function retry.when failed: ${messageOf(thrown)}`, thrown);
    return false;
  }
}

/** Resolves after the delay that follows `attempt`, or as soon as the signal fires. */
export function retryDelay(policy: RetryPolicy, attempt: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const full = Math.min(policy.maxDelayMs, policy.delayMs * 2 ** (attempt - 1));
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after((full * (1 + clock.random())) / 2, done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
