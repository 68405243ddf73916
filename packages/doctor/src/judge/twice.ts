/** INIT-TWICE and SENT-TWICE: what several early requests each begin, and one alone begins once. */
import type { Finding } from '../finding.js';
import type { CallSite } from '../journal-entry.js';
import type { AloneRun, HerdRun } from '../observations.js';
import type { JournalReader } from '../start/journal-reader.js';

interface Deed {
  /** What was done, equal for equal deeds. */
  readonly what: string;
  readonly at: number;
  /** Process and request. */
  readonly by: string;
  readonly ofStart: boolean;
  readonly site: CallSite | undefined;
  readonly text: string;
}

interface Repeated {
  readonly deeds: readonly Deed[];
  readonly alone: number;
}

export function judgeTwice(alone: AloneRun, herd: HerdRun): Finding[] {
  return [
    ...repeated(connects(alone.journal), connects(herd.journal), alone).map(initTwice),
    ...repeated(statements(alone.journal), statements(herd.journal), alone).map(sentTwice),
  ];
}

/**
 * A pool that grows under load does so in the burst of the undisturbed start too, and what a request does each time is
 * done by those that came after it. Both are no initialisation.
 */
function repeated(aloneDeeds: readonly Deed[], herdDeeds: readonly Deed[], alone: AloneRun): Repeated[] {
  const routine = new Set(aloneDeeds.filter((deed) => !deed.ofStart && isLater(deed, alone)).map(({ what }) => what));
  return [...new Set(herdDeeds.map(({ what }) => what))].flatMap((what) => {
    if (routine.has(what)) return [];
    const deeds = herdDeeds.filter((deed) => deed.what === what && !deed.ofStart);
    const once = aloneDeeds.filter((deed) => deed.what === what && !deed.ofStart).length;
    const by = new Set(deeds.map((deed) => deed.by)).size;
    return by > 1 && deeds.length >= 2 * Math.max(1, once) ? [{ deeds, alone: once }] : [];
  });
}

/** In the passes in which each path had been asked before. */
function isLater({ at }: Deed, { warm, afterBurst }: AloneRun): boolean {
  return [warm, afterBurst].some((pass) => pass.some((answer) => at >= answer.at && at <= answer.at + answer.tookMs));
}

function connects(journal: JournalReader): Deed[] {
  return journal.of('connect').map(({ to, at, process, context, site }) => ({
    what: to,
    at,
    by: `${process} ${context}`,
    ofStart: context === 0,
    site,
    text: to,
  }));
}

function statements(journal: JournalReader): Deed[] {
  return journal.of('statement').map(({ to, hash, at, process, context, text }) => ({
    what: `${to} ${hash}`,
    at,
    by: `${process} ${context}`,
    ofStart: context === 0,
    site: undefined,
    text: `${to}: ${text}`,
  }));
}

function initTwice({ deeds, alone }: Repeated): Finding {
  const requests = new Set(deeds.map(({ by }) => by)).size;
  const opened = deeds.length === requests ? 'each opened' : `opened ${deeds.length} connections to`;
  return {
    code: 'INIT-TWICE',
    level: 'error',
    title: `${requests} early requests ${opened} ${deeds[0]?.text} (alone: ${alone}).`,
    details: [],
    places: deeds.find(({ site }) => site && site.own.length > 0)?.site?.own ?? [],
  };
}

function sentTwice({ deeds, alone }: Repeated): Finding {
  return {
    code: 'SENT-TWICE',
    level: 'error',
    title: `Early requests sent the same statement ${deeds.length} times (alone: ${alone}).`,
    details: [deeds[0]?.text ?? ''],
    places: [],
  };
}
