/** The report of a flight that takes long: which steps are pending, since when, and what each of them waits for. */
import type { Clock } from './clock.js';
import type { AttemptTrace } from './trace.js';
import type { Owner, Wait } from './waits.js';
import { warn } from './warnings.js';

export interface StallSubject {
  readonly gate: string;
  readonly startedAt: number;
  readonly owner: Owner;
  readonly attempts: readonly AttemptTrace[];
  readonly stallAfterMs: number;
}

/** Warns once for each step that is pending `stallAfterMs` after the flight began, or later. Returns the end of the watch. */
export function watchForStall(subject: StallSubject, clock: Clock): () => void {
  const reported = new Set<Owner>();
  const check = (): void => {
    cancel = clock.after(subject.stallAfterMs, check, true);
    const steps = subject.attempts.at(-1)?.steps ?? [];
    const pending = steps.filter((step) => step.outcome === 'running');
    const stalled =
      pending.length > 0 ? pending : [{ owner: subject.owner, startedAt: subject.startedAt, at: undefined }];
    for (const { owner, startedAt, at } of stalled) {
      if (reported.has(owner)) continue;
      reported.add(owner);
      warn('GATE_STALLED', stallText(owner, startedAt, at, clock.now()));
    }
  };
  let cancel = clock.after(subject.stallAfterMs, check, true);
  return () => cancel();
}

/** Such as: The step "load" of gate "shop" has been pending for 10.0 s (started at …); it waits for gate "stock" … */
function stallText(owner: Owner, startedAt: number, at: string | undefined, now: number): string {
  const started = at === undefined ? '' : ` (started at ${at})`;
  const waits = [...owner.waits].map((wait) => waitText(wait, now));
  const reason =
    waits.length > 0 ? `it waits for ${waits.join(', and for ')}` : 'it waits for nothing that the gate knows of';
  return `The ${owner.label} has been pending for ${seconds(now - startedAt)}${started}; ${reason}.`;
}

const waitText = ({ on, since, at }: Wait, now: number): string =>
  `${on.label} since ${seconds(now - since)} (at ${at})`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
