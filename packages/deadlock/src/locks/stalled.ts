/** What is said of a lock that others have waited for too long. */
import { unknownPlace } from '../call-site.js';
import { publish } from '../channel.js';
import { now } from '../now.js';
import type { Verdict } from '../verdict.js';
import type { AnyWait } from '../wait.js';
import { warn } from '../warnings.js';
import type { Lock } from './lock.js';

/** Says once for each holder that the lock has been held for long while others wait. */
export function tellStalled(lock: Lock, wait: AnyWait): void {
  if (lock.party.deadlock === 'off') return;
  const holders = lock.holders.filter((held) => !held.isTold && heldMs(held) >= lock.stallAfterMs);
  if (holders.length === 0) return;
  for (const held of holders) held.isTold = true;
  const lines = holders.map((held) => `  held for ${seconds(heldMs(held))} by ${held.label}, taken at ${at(held)}`);
  warn(
    'GATE_LOCK_STALLED',
    `The ${lock.label} is held while others wait:\n${lines.join('\n')}\n${waiting(lock, wait)}\n` +
      'Whatever holds it may still release it. Look at what it is doing, or hold the lock for less of it.',
  );
}

/** Says once that nothing can release the lock any more. */
export function tellLost(lock: Lock, wait: AnyWait): Verdict {
  const verdict = lostVerdict(lock, wait);
  const news = lock.holders.filter((held) => !held.isTold);
  for (const held of news) held.isTold = true;
  if (lock.party.deadlock === 'off' || news.length === 0) return verdict;
  publish(verdict);
  const places = news.map((held) => `  taken at ${at(held)}, ${seconds(heldMs(held))} ago`);
  warn(
    'GATE_LOCK_LOST',
    `The ${lock.label} is never released: its releaser was garbage-collected.\n${places.join('\n')}\n` +
      `${waiting(lock, wait)}\n${verdict.advice}`,
  );
  return verdict;
}

const lostVerdict = (lock: Lock, wait: AnyWait): Verdict => {
  const takenAt = lock.takenAt();
  return {
    certainty: 'proven',
    cycle: [
      {
        owner: `whoever waits for ${lock.label}`,
        waitsFor: `${lock.label}, whose releaser was garbage-collected`,
        since: wait.since,
        at: wait.at,
        ...(takenAt !== undefined && { heldAt: takenAt }),
      },
    ],
    advice:
      'Call the releaser that acquire() gives in a `finally` block, or use runExclusive(), which does it for you.',
  };
};

const waiting = (lock: Lock, wait: AnyWait): string =>
  `  ${Math.max(lock.waiting.length, 1)} waiting, one since ${seconds(now() - wait.since)} at ${wait.at}`;

const at = (held: { readonly at: (() => string) | undefined }): string => held.at?.() ?? unknownPlace();

const heldMs = ({ since }: { readonly since: number }): number => performance.now() - since;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
