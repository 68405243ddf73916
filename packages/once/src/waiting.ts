/** What a waiting replica shows in its report: for whom it waits, how far that is, since when, and what came before. */
import type { Decision } from './decide.js';
import type { FailureRecord, View } from './store.js';
import type { ReplicaWait, StepContext } from './types.js';

export const FIRST_POLL_MS = 250;
const LAST_POLL_MS = 2_000;
/** A wait that may be part of a cycle is looked at more often: two polls and a beat must fit into five seconds. */
const LAST_POLL_IN_STEP_MS = 1_000;

export function nextPoll(ms: number, leaseMs: number, isInStep: boolean): number {
  return Math.min(ms * 1.5, isInStep ? LAST_POLL_IN_STEP_MS : LAST_POLL_MS, leaseMs / 4);
}

/** Tells the gate, and only what has changed: each note is a message on its channels. */
export class Waiting {
  readonly #context: StepContext;
  #shown: string | undefined;
  #fraction = 0;

  constructor(context: StepContext) {
    this.#context = context;
  }

  show(text: string, fraction = 0, replica: ReplicaWait | null = null): boolean {
    if (text === this.#shown && fraction === this.#fraction) return false;
    this.#shown = text;
    this.#fraction = fraction;
    this.#context.progress?.(fraction, text);
    this.#context.waitsFor?.(replica);
    return true;
  }

  /** The wait is over: what comes next is this replica's own work. */
  clear(): void {
    if (this.#shown === undefined) return;
    this.#shown = undefined;
    this.#fraction = 0;
    this.#context.progress?.(0);
    this.#context.waitsFor?.(null);
  }
}

type WaitOwner = Extract<Decision, { kind: 'wait-owner' }>;

/** Such as `waits for replica web-2, attempt 2, 41 %, since 12:03:07Z: web-1 died`. */
export function describeOwner(step: string, { owner, key, since }: WaitOwner, view: View, mine: string) {
  const progress = owner.status?.progress[step];
  const run = key === mine ? view.run : null;
  const attempt = run ? `attempt ${run.attempts}` : `which runs another version (key ${JSON.stringify(key)})`;
  const far = progress && `${Math.floor(progress.fraction * 100)} %${progress.text ? ` (${progress.text})` : ''}`;
  const details = [attempt, far].filter(Boolean).join(', ');
  const earlier = run?.error ? `: ${summary(run.error)}` : '';
  const wait: ReplicaWait = { kind: 'replica', name: owner.host, since, text: details + earlier };
  const text = `waits for replica ${owner.host}, ${details}, since ${clock(since)}${earlier}`;
  return { text, fraction: progress?.fraction ?? 0, wait };
}

export function describeRetry(failure: FailureRecord | null): string {
  return failure ? `waits for the next attempt: ${summary(failure)}` : 'waits for the next attempt';
}

function summary(failure: FailureRecord): string {
  return failure.died
    ? `${failure.host} died`
    : `attempt ${failure.attempt} failed on ${failure.host}: ${failure.message}`;
}

const clock = (since: number): string => `${new Date(since).toISOString().slice(11, 19)}Z`;
