/** What a case of the corpus is: a small program that hangs, and the verdict that is due. */
import type { Watch } from './watch.js';

export interface Hang {
  /** The rule of the contract that it shows. */
  readonly rule: 'D1' | 'D5' | 'D6' | 'D7' | 'D8';
  /** `stalled` is no verdict but the next best: the pending step, named; it may still go on. */
  readonly verdict: 'certain' | 'proven' | 'stalled';
  readonly given: (typeof moments)[number];
  /** Hangs, expects the verdict, and that nobody else is harmed. */
  run(watch: Watch): Promise<void>;
}

export const moments = [
  'soon after the closing wait',
  'soon after the request arrives',
  'at `stallAfterMs`',
  'after the garbage collection at `stallAfterMs`',
] as const;

/** In the cases that are told at this time, or after it. */
export const stallAfterMs = 50;
