/** What is said of a flight that takes long, or that the process outlives: what is pending of it, and for what that waits. */
import { collectGarbage, examineNow, type Owner, type Wait, warn } from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../kit/clock.js';
import type { ExternalWait } from '../kit/types.js';
import type { StallReport } from '../kit/report-types.js';
import type { Insight } from './insight.js';
import type { FlightRecord } from './record.js';

export interface StallSettings {
  readonly stallAfterMs: number;
  /** Whether a stalled flight may be proven hopeless. */
  readonly prove: boolean;
  readonly insight: Insight;
  /** Told first without, then with what was found out of the process. */
  note(stall: StallReport): void;
}

/** Those that were reported. A step that ignores its signal is pending in its flight and again in the rollback. */
const reported = new WeakSet<Owner>();

/**
 * Warns once for each step, or stop, that is pending `stallAfterMs` after the flight began, or later. Then the waits of the
 * process are judged, and the garbage is collected: a step that nothing can settle any more fails by that. Returns the end of
 * the watch.
 */
export function watchForStall(flight: FlightRecord, settings: StallSettings, clock: Clock): () => void {
  const { stallAfterMs, prove, note } = settings;
  const check = (): void => {
    cancel = clock.after(stallAfterMs, check, true);
    const news = pendingWork(flight).filter(({ owner }) => !reported.has(owner));
    for (const work of news) {
      reported.add(work.owner);
      warn('GATE_STALLED', pendingText(work, clock.now()));
    }
    if (news.length === 0) return;
    const stall = { at: clock.now(), pending: pendingTexts(flight, clock.now()), process: null };
    note(stall);
    if (prove) {
      examineNow();
      collectGarbage();
    }
    void explainPending(
      news.map(({ owner }) => owner),
      stall,
      settings,
    );
  };
  let cancel = clock.after(stallAfterMs, check, true);
  return () => cancel();
}

/** Says the rest: what the code awaits that the gate knows nothing of, and what is open. The looks above may have ended it. */
async function explainPending(
  pending: readonly Owner[],
  stall: StallReport,
  { insight, note }: StallSettings,
): Promise<void> {
  const found = await insight.explain(pending);
  const still = pending.filter(({ settled }) => !settled).map(({ label }) => label);
  if (!found || still.length === 0) return;
  note({ ...stall, process: found });
  warn('GATE_STALLED', `While the ${still.join(' and the ')} is pending, the process has this:\n${found.text}`);
}

/** What is pending of a flight, a line each. */
export const pendingTexts = (flight: FlightRecord, now: number): string[] =>
  pendingWork(flight).map((work) => pendingText(work, now));

export const pendingOwners = (flight: FlightRecord): Owner[] => pendingWork(flight).map(({ owner }) => owner);

interface PendingWork {
  readonly owner: Owner;
  readonly startedAt: number;
  readonly at?: string;
  readonly waitsOutside?: ExternalWait | null;
}

function pendingWork(flight: FlightRecord): PendingWork[] {
  const { steps = [], stops = [] } = flight.attempts.at(-1) ?? {};
  const pending = [...steps, ...stops].filter((work) => work.outcome === 'running');
  return pending.length > 0 ? pending : [{ owner: flight.owner, startedAt: flight.startedAt }];
}

/** Such as: The step "load" of gate "shop" has been pending for 10.0 s (started at …); it waits for gate "stock" … */
function pendingText({ owner, startedAt, at, waitsOutside }: PendingWork, now: number): string {
  const started = at === undefined ? '' : ` (started at ${at})`;
  const waits = [...owner.waits].map((wait) => waitText(wait, now));
  if (waitsOutside) waits.push(outsideText(waitsOutside, now));
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

function outsideText({ kind, name, since, text }: ExternalWait, now: number): string {
  return `${kind} "${name}" since ${seconds(Math.max(0, now - since))}${text === undefined ? '' : ` (${text})`}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
