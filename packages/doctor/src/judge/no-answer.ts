/** START-ENDED, DEADLOCK, NEVER-SETTLES: a start that opens no port, or opens it and answers nothing. */
import type { Finding } from '../finding.js';
import type { Place } from '../journal-entry.js';
import type { HangRun, Observations } from '../observations.js';
import type { JournalReader } from '../start/journal-reader.js';
import { redact } from '../redact.js';
import { seconds } from '../text.js';
import { awaitCycle, awaitingLines, neverSettled } from './hangs.js';

const SHOWN = 3;

export function judgeNoAnswer({ alone, hang, limitMs }: Observations): Finding[] {
  // A crash has its cause; what was pending then was on its way.
  const isExplained = alone.journal.last('crash') !== undefined || (alone.journal.last('exit')?.site.own.length ?? 0) > 0;
  const causes = hang && !isExplained ? causesOf(hang) : [];
  if (alone.door === undefined && alone.exit !== undefined) return [startEnded(alone, hang), ...causes];
  if (causes.length > 0) return causes;
  const what =
    alone.door === undefined
      ? `No port is open after ${seconds(limitMs)}`
      : 'The port is open, but no request is answered';
  return [stillWaiting(what, alone.journal, hang)];
}

function startEnded({ exit, journal, output, startedAt }: Observations['alone'], hang: HangRun | undefined): Finding {
  const after = seconds((exit?.at ?? startedAt) - startedAt);
  const crash = journal.last('crash');
  const { site } = journal.last('exit') ?? {};
  const how = exit?.signal ? `signal ${exit.signal}` : `exit code ${exit?.code}`;
  const base = { code: 'START-ENDED', level: 'error' } as const;
  if (crash) {
    const title = `The start failed after ${after}, ${how}: ${redact(crash.message)}`;
    return { ...base, title, details: failedConnects(journal), places: crash.own.length > 0 ? crash.own : connectPlaces(journal) };
  }
  if (site && site.own.length > 0) {
    return {
      ...base,
      title: `process.exit was called after ${after}, ${how}, before a port was open.`,
      details: tail(output),
      places: site.own,
    };
  }
  if (exit?.code === 13) {
    const title = `A top-level await never settled, and nothing was left to do: exit code 13 after ${after}.`;
    return { ...base, title, details: [], places: awaited(hang) };
  }
  if (exit?.code === 0) {
    const title = `Nothing was left to do and no port was opened: exit code 0 after ${after}.`;
    return { ...base, title, details: [], places: awaited(hang) };
  }
  return {
    ...base,
    title: `It ended after ${after}, ${how}, before a port was open.`,
    details: tail(output),
    places: [],
  };
}

function causesOf({ promises }: HangRun): Finding[] {
  const cycle = awaitCycle(promises);
  if (cycle) {
    const title = `${cycle.length} awaits wait for each other.`;
    return [{ code: 'DEADLOCK', level: 'error', title, details: [], places: cycle }];
  }
  return neverSettled(promises)
    .slice(0, SHOWN)
    .map(({ made, awaited: waits }) => ({
      code: 'NEVER-SETTLES',
      level: 'error',
      title: 'The start awaits a promise that nothing can settle any more.',
      details: [],
      places: unique([...made.slice(0, 2), ...waits.slice(0, 1)]),
    }));
}

/** Not proven: what it waits for may still come. */
function stillWaiting(what: string, journal: JournalReader, hang: HangRun | undefined): Finding {
  const waits = [
    ...new Set([...failedConnects(journal), ...(hang?.pending ?? []).slice(0, SHOWN).map(({ kind }) => plain(kind))]),
  ];
  return {
    code: 'NEVER-SETTLES',
    level: 'error',
    title: `${what}.`,
    details:
      waits.length > 0 ? waits.map((wait) => `still waiting: ${wait}`) : ['nothing that Node knows of is under way'],
    places: unique([
      ...awaited(hang),
      ...(hang?.pending ?? []).flatMap(({ site }) => site?.own.slice(0, 1) ?? []),
    ]).slice(0, SHOWN),
  };
}

export function failedConnects(journal: JournalReader): string[] {
  const failures = journal.of('connect-failed');
  return [...new Set(failures.map(({ to }) => to))].map((to) => {
    const codes = failures.filter((one) => one.to === to).map(({ code }) => code);
    return `${to} failed ${codes.length === 1 ? 'once' : `${codes.length} times`} (${[...new Set(codes)].join(', ')})`;
  });
}

/** Where the connections that failed were begun; the error of a socket has no line of the application. */
function connectPlaces(journal: JournalReader): readonly Place[] {
  const failed = new Set(journal.of('connect-failed').map(({ to }) => to));
  return journal.of('connect').find(({ to, site }) => failed.has(to) && site.own.length > 0)?.site.own ?? [];
}

function awaited(hang: HangRun | undefined): Place[] {
  return awaitingLines(hang?.promises ?? []).slice(0, SHOWN);
}

function unique(places: readonly Place[]): Place[] {
  return places.filter(
    (place, at) => places.findIndex((one) => one.file === place.file && one.line === place.line) === at,
  );
}

function plain(kind: string): string {
  const names: Record<string, string> = {
    Timeout: 'a timer',
    TCPCONNECTWRAP: 'a connection that is not answered',
    PIPECONNECTWRAP: 'a connection that is not answered',
    GETADDRINFOREQWRAP: 'a DNS look-up',
    PROCESSWRAP: 'a child process',
    FSREQCALLBACK: 'the file system',
    FSREQPROMISE: 'the file system',
  };
  return names[kind] ?? kind;
}

function tail(output: string): string[] {
  return redact(output)
    .trim()
    .split('\n')
    .slice(-2)
    .filter(Boolean)
    .map((line) => line.slice(0, 120));
}
