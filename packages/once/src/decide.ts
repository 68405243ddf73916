/** What a call does next, from what the store shows. No I/O, no clock: the store has judged times. */
import type { StepSettings } from './options.js';
import type { FailureRecord, Owner, Run, View } from './store.js';

export type Decision =
  | { readonly kind: 'done'; readonly run: Run; readonly ahead: Run | null }
  | { readonly kind: 'failed'; readonly failure: FailureRecord; readonly fence: number }
  /** Somebody else holds the step. */
  | { readonly kind: 'wait-owner'; readonly owner: Owner; readonly key: string; readonly since: number }
  /** The next attempt is not due yet. */
  | { readonly kind: 'wait-retry'; readonly ms: number; readonly failure: FailureRecord | null }
  /** The owner's lease has expired: end it, then look again. */
  | { readonly kind: 'bury'; readonly owner: Owner }
  /** The owner died during the last attempt. */
  | { readonly kind: 'exhausted'; readonly attempts: number; readonly owner: Owner | null }
  | { readonly kind: 'claim'; readonly attempts: number; readonly from: Owner | null };

/**
 * @param session the caller's own session: a step that it still holds is one whose execution it has seen end
 * @param repeats the attempt that has just ended does not count: it is repeated with the same number
 */
export function decide(view: View, settings: StepSettings, session: string | undefined, repeats = false): Decision {
  const { run, ahead, running } = view;
  if (run?.state === 'done') return { kind: 'done', run, ahead: null };
  if (ahead) return { kind: 'done', run: run ?? ahead, ahead };
  const attempts = run?.attempts ?? 0;
  if (run?.state === 'failed' && run.error && (run.error.final || attempts >= settings.attempts)) {
    return { kind: 'failed', failure: run.error, fence: run.fence };
  }
  const isMine = running !== null && running.owner.session === session;
  if (running && !isMine && !running.owner.ended) {
    if (running.owner.expired) return { kind: 'bury', owner: running.owner };
    return { kind: 'wait-owner', owner: running.owner, key: running.key, since: running.since };
  }
  const predecessor = running?.key === settings.key ? running.owner : null;
  if (isMine && repeats) return { kind: 'claim', attempts: Math.max(1, attempts), from: null };
  // "running" without an owner that lives: its replica died, or gave way to another version.
  if (run?.state === 'running' && attempts >= settings.attempts) {
    return { kind: 'exhausted', attempts, owner: predecessor };
  }
  if (run?.state === 'failed' && run.retryInMs > 0)
    return { kind: 'wait-retry', ms: run.retryInMs, failure: run.error };
  return { kind: 'claim', attempts: attempts + 1, from: isMine ? null : (running?.owner ?? null) };
}
