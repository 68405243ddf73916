/** What is said of a flight that takes long, or that the process outlives: what is pending of it, and for what that waits. */
import { collectGarbage, type Owner, type Wait, warn } from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../kit/clock.js';
import type { AttemptTrace } from './record.js';

/** The flight that is watched. */
export interface Subject {
  readonly startedAt: number;
  readonly owner: Owner;
  readonly attempts: readonly AttemptTrace[];
}

export interface StallSettings {
  readonly stallAfterMs: number;
  /** Whether a stalled flight may be proven hopeless. */
  readonly prove: boolean;
}

/** Those that were told of. A step that ignores its signal is pending in its flight and again in the rollback. */
const reported = new WeakSet<Owner>();

/**
 * Warns once for each step, or stop, that is pending `stallAfterMs` after the flight began, or later, and then has the garbage
 * collected: a step that nothing can settle any more fails by that. Returns the end of the watch.
 */
export function watchForStall(subject: Subject, { stallAfterMs, prove }: StallSettings, clock: Clock): () => void {
  const check = (): void => {
    cancel = clock.after(stallAfterMs, check, true);
    const news = pendingParts(subject).filter(({ owner }) => !reported.has(owner));
    for (const part of news) {
      reported.add(part.owner);
      warn('GATE_STALLED', pendingText(part, clock.now()));
    }
    if (news.length > 0 && prove) collectGarbage();
  };
  let cancel = clock.after(stallAfterMs, check, true);
  return () => cancel();
}

/** What is pending of a flight, a line each. */
export const pendingTexts = (subject: Subject, now: number): string[] =>
  pendingParts(subject).map((part) => pendingText(part, now));

interface Part {
  readonly owner: Owner;
  readonly startedAt: number;
  readonly at?: string;
}

function pendingParts(subject: Subject): Part[] {
  const { steps = [], stops = [] } = subject.attempts.at(-1) ?? {};
  const pending = [...steps, ...stops].filter((part) => part.outcome === 'running');
  return pending.length > 0 ? pending : [{ owner: subject.owner, startedAt: subject.startedAt }];
}

/** Such as: The step "load" of gate "shop" has been pending for 10.0 s (started at …); it waits for gate "stock" … */
function pendingText({ owner, startedAt, at }: Part, now: number): string {
  const started = at === undefined ? '' : ` (started at ${at})`;
  const waits = [...owner.waits].map((wait) => waitText(wait, now));
  const reason =
    waits.length > 0 ? `it waits for ${waits.join(', and for ')}` : 'it waits for nothing that the gate knows of';
  return `The ${owner.label} has been pending for ${seconds(now - startedAt)}${started}; ${reason}.`;
}

function waitText({ on, since, at }: Wait, now: number): string {
  const takenAt = on.takenAt?.();
  const owner = takenAt && on.holder()?.owner;
  const held = takenAt ? `; ${owner && !owner.isPart ? `held by ${owner.label}, ` : ''}taken at ${takenAt}` : '';
  return `${on.label} since ${seconds(now - since)} (at ${at}${held})`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
