/** Whether the start is over: nothing under way that belongs to it, and nothing that has ended just now. */
import type { CallSite, EntryOf, Pending } from '../journal-entry.js';
import type { JournalReader, Recorded } from './journal-reader.js';

export interface Quiet {
  readonly quiet: boolean;
  /** When the last known work of the start ended, and whose it was. */
  readonly lastAt: number;
  readonly site: CallSite | undefined;
}

interface Work {
  readonly key: string;
  readonly at: number;
  readonly site: CallSite | undefined;
}

type Beat = Recorded<EntryOf<'beat'>>;

/** What repeats for so long is a heartbeat or a poll, and not the start. */
const PERIODIC_TIMES = 4;
const PERIODIC_MS = 3_000;
const BUSY_SHARE = 0.3;
const BEATS = 5;
const RECENT_MS = 2_000;

/** `processes`: those that serve; what else npm or a TypeScript runner started waits for them. */
export function quietSince(journal: JournalReader, processes: ReadonlySet<string>, at: number, quietMs: number): Quiet {
  const mine = <T extends { process: string }>(entry: T) => processes.size === 0 || processes.has(entry.process);
  const work = [...operationsOf(journal).filter(mine), ...connectsOf(journal).filter(mine)];
  const periodic = periodicKeys(work);
  const counted = work.filter(({ key }) => !periodic.has(key)).sort((a, b) => a.at - b.at);
  const last = counted.at(-1);
  const beats = journal.of('beat').filter(mine);
  const pending = [...new Set(beats.map(({ process }) => process))]
    .flatMap((process) => beats.findLast((beat) => beat.process === process)?.pending ?? [])
    .filter((one) => !periodic.has(keyOf(one)));
  const opened = journal.of('open').filter(mine).at(-1)?.at ?? 0;
  const lastAt = Math.max(last?.at ?? 0, opened);
  const rests = activeShares(beats, at).every((share) => share <= BUSY_SHARE);
  return { quiet: at - lastAt > quietMs && pending.length === 0 && rests, lastAt, site: last?.site };
}

/** Whether an event loop has little rest. One that says nothing any more is blocked, which is another matter. */
export function isBusy(beats: readonly Beat[], at: number): boolean {
  return activeShares(beats, at).some((share) => share > BUSY_SHARE);
}

/** Of each process: how much of the last half second its event loop was active; NaN when it does not turn. */
function activeShares(beats: readonly Beat[], at: number): number[] {
  return [...new Set(beats.map(({ process }) => process))].map((process) => {
    const recent = beats.filter((beat) => beat.process === process && at - beat.at < RECENT_MS).slice(-BEATS);
    const [first, last] = [recent[0], recent.at(-1)];
    return first && last ? (last.activeMs - first.activeMs) / (last.at - first.at) : Number.NaN;
  });
}

function operationsOf(journal: JournalReader): (Work & { process: string })[] {
  return journal
    .of('operation')
    .filter(({ kind }) => kind !== 'TCPCONNECTWRAP')
    .map((entry) => ({ key: keyOf(entry), at: entry.at, site: entry.site, process: entry.process }));
}

function connectsOf(journal: JournalReader): (Work & { process: string })[] {
  return journal
    .of('connect')
    .filter(({ context }) => context === 0)
    .map((entry) => ({ key: `connect ${entry.to}`, at: entry.at, site: entry.site, process: entry.process }));
}

function keyOf({ kind, site, delayMs }: Pick<Pending, 'kind' | 'site' | 'delayMs'>): string {
  const own = site?.own[0];
  return `${kind} ${own ? `${own.file}:${own.line}` : (site?.package ?? '')} ${delayMs ?? ''}`;
}

function periodicKeys(work: readonly Work[]): Set<string> {
  const times = groupByKey(work);
  const periodic = [...times].filter(([, all]) => {
    const span = Math.max(...all.map(({ at }) => at)) - Math.min(...all.map(({ at }) => at));
    return all.length >= PERIODIC_TIMES && span > PERIODIC_MS;
  });
  return new Set(periodic.map(([key]) => key));
}

function groupByKey(work: readonly Work[]): Map<string, Work[]> {
  const groups = new Map<string, Work[]>();
  for (const one of work) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return groups;
}
