/** One execution: the user's work under a lease, and its record. */
import { delay } from './delay.js';
import { toFailure } from './failure.js';
import { runHeld } from './context.js';
import { Lease } from './lease.js';
import { defaults } from './options.js';
import type { Session } from './session.js';
import type { Run, StepId } from './store.js';
import type { Task } from './task.js';
import type { Execution } from './types.js';

/** A step that this replica holds. */
export interface Claim {
  readonly step: StepId;
  readonly fence: number;
  readonly attempt: number;
  readonly revision: number;
  readonly session: Session;
  readonly claimedAt: number;
}

/** How the work has ended, which is not yet what the store says. */
export type Settled =
  | { readonly kind: 'value'; readonly result: string | null }
  /** Effect and record have committed together. */
  | { readonly kind: 'recorded' }
  /** It is not known whether they have, or someone else holds the step: look. */
  | { readonly kind: 'unknown'; readonly error: unknown }
  /** `isFree`: the store's trouble, not the step's; no attempt is used. `isFinal`: no further one is made. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly isFree?: boolean; readonly isFinal?: boolean };

export interface Work {
  readonly rests: Lease['rests'];
  (held: Holding, execution: Execution): Promise<Settled>;
}

export interface Holding extends Claim {
  readonly key: string;
  readonly order: number | null;
  readonly lease: Lease;
}

/** What the call remembers of its last execution. */
export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly fence: number; readonly error: unknown }
  | { readonly kind: 'repeat'; readonly frees: number };

/** Store trouble that repeats without end is a failure after all, such as a statement_timeout that is too short. */
const FREE_REPEATS = 20;
/** How long the record of an aborted execution is tried. */
const GRACE_MS = 5_000;

export async function execute(task: Task, claim: Claim, work: Work, last: Outcome): Promise<Outcome> {
  const { session, step, fence, attempt, claimedAt } = claim;
  const { key, order } = task.settings;
  const lease = new Lease(work.rests);
  session.hold(lease, claimedAt);
  const execution: Execution = {
    signal: AbortSignal.any([task.signal, lease.signal]),
    attempt,
    fence,
    progress: (fraction, text) => {
      task.context.progress?.(fraction, text);
      session.noteProgress(step.name, fraction, text);
    },
  };
  try {
    const held = { by: task.replica, step: step.name, fence, outer: task.outer };
    const settled = await runHeld(held, () => work({ ...claim, key, order, lease }, execution));
    return await record(task, claim, settled, last);
  } finally {
    session.release(lease);
  }
}

async function record(task: Task, claim: Claim, settled: Settled, last: Outcome): Promise<Outcome> {
  const { fence, attempt } = claim;
  const frees = last.kind === 'repeat' ? last.frees + 1 : 1;
  if (settled.kind === 'recorded' || settled.kind === 'value') {
    const isDone =
      settled.kind === 'recorded' || (await write(task, claim, { ...task.blankRun(attempt), ...done(settled.result) }));
    task.tell(isDone ? 'done' : 'lost', { fence, attempt });
    return { kind: 'none' };
  }
  const { error } = settled;
  if (settled.kind === 'unknown') {
    task.tell('lost', { fence, attempt, error });
    return { kind: 'repeat', frees };
  }
  const isFree = frees <= FREE_REPEATS && (settled.isFree === true || isGivenUp(task.signal));
  const failure = toFailure(error, claim.session, attempt, settled.isFinal);
  const isWritten = await write(task, claim, {
    ...task.blankRun(isFree ? attempt - 1 : attempt),
    state: 'failed',
    error: failure,
    retryInMs: task.signal.aborted && isFree ? 0 : backoff(task.settings.retryMs, isFree ? frees : attempt),
  });
  task.tell(isWritten ? (isFree ? 'released' : 'failed') : 'lost', { fence, attempt, error });
  return isFree ? { kind: 'repeat', frees } : { kind: 'failed', fence, error };
}

type Body = Omit<Run, 'key' | 'fence'>;

const done = (result: string | null) => ({ state: 'done', result }) as const;

/** Says whether the run was recorded by this execution: nobody else can write under its fence. */
async function write(task: Task, claim: Claim, run: Body): Promise<boolean> {
  const grace = withGrace(task.signal, GRACE_MS);
  try {
    return await writeUntil(grace.signal, task, claim, run);
  } finally {
    grace.end();
  }
}

async function writeUntil(signal: AbortSignal, task: Task, claim: Claim, run: Body): Promise<boolean> {
  const { store } = task.replica;
  const next = { fence: claim.fence, owner: null, key: task.settings.key, run };
  for (let seen = claim.revision; ;) {
    const answer = await task.replica.steady(() => store.write(claim.step, seen, next), signal);
    if (typeof answer === 'number') return true;
    const view = await task.look(signal);
    const isMine = view.fence === claim.fence && view.running?.owner.session === claim.session.id;
    // A lost acknowledgement: the write had taken effect.
    if (!isMine) return view.run?.fence === claim.fence && view.run.state !== 'running';
    seen = view.revision;
    await delay(50, signal); // a guarded transaction of the step is still open
  }
}

const backoff = (retryMs: number, attempt: number): number =>
  Math.min(retryMs * 2 ** Math.min(attempt - 1, 30), Math.max(defaults.maxRetryMs, retryMs));

/** The gate was closed or another step failed: that says nothing of this step. A time limit does. */
function isGivenUp({ aborted, reason }: AbortSignal): boolean {
  const { name, code } = Object(reason) as { name?: unknown; code?: unknown };
  return aborted && name !== 'TimeoutError' && !String(code).endsWith('_TIMEOUT');
}

/** A signal that fires some time after the other one, so that the record of an aborted execution is still tried. */
function withGrace(signal: AbortSignal, ms: number): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => controller.abort(signal.reason), ms);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  const end = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', start);
  };
  return { signal: controller.signal, end };
}
