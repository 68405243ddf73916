/** Whether the start is over: nothing under way that belongs to it, and nothing that has ended just now. */
import type { CallSite, Pending } from '../journal-entry.js';
import type { JournalReader } from './journal-reader.js';

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

/** What repeats for so long is a heartbeat or a poll, and not the start. */
const PERIODIC_TIMES = 4;
const PERIODIC_MS = 3_000;
const BUSY_SHARE = 0.3;

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
  return { quiet: at - lastAt > quietMs && pending.length === 0 && !isBusy(beats), lastAt, site: last?.site };
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

function isBusy(beats: readonly { at: number; activeMs: number }[]): boolean {
  const [first, last] = [beats.at(-5), beats.at(-1)];
  if (!first || !last || first === last) return true;
  return (last.activeMs - first.activeMs) / (last.at - first.at) > BUSY_SHARE;
}
