/** START-ENDED, DEADLOCK, NEVER-SETTLES: a start that opens no port, or opens it and answers nothing. */
import type { Finding } from '../finding.js';
import type { Place } from '../journal-entry.js';
import type { HangRun, Observations } from '../observations.js';
import type { JournalReader } from '../start/journal-reader.js';
import { redact } from '../redact.js';
import { seconds } from '../text.js';
import { awaitingPlaces, certainCauses, hopes } from './awaits.js';

const SHOWN = 3;

export function judgeNoAnswer({ alone, hang, limitMs }: Observations): Finding[] {
  // A crash has its cause; what was pending then was on its way.
  const isExplained =
    alone.journal.last('crash') !== undefined || (alone.journal.last('exit')?.site.own.length ?? 0) > 0;
  const causes = hang?.awaits && !isExplained ? certainCauses(hang.awaits) : [];
  if (alone.door === undefined && alone.exit !== undefined) {
    // What never settles is why it ended; two findings of one line would say less.
    const [never] = causes.filter(({ code }) => code === 'NEVER-SETTLES');
    const ended = startEnded(alone, hang);
    const because = never ? { details: [never.title, ...never.details], places: never.places } : {};
    return [{ ...ended, ...because }, ...causes.filter(({ code }) => code !== 'NEVER-SETTLES')];
  }
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
    return {
      ...base,
      title,
      details: failedConnects(journal),
      places: crash.own.length > 0 ? crash.own : connectPlaces(journal),
    };
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

/** Not proven: what it waits for may still come. */
function stillWaiting(what: string, journal: JournalReader, hang: HangRun | undefined): Finding {
  const base = { code: 'NEVER-SETTLES', level: 'error' } as const;
  if (hang?.isBlocked) {
    return {
      ...base,
      title: `${what}: the event loop is blocked by code that does not return.`,
      details: [],
      places: [],
    };
  }
  const pending = hang?.pending ?? [];
  const waits = [
    ...failedConnects(journal),
    ...(hang?.awaits ? hopes(hang.awaits) : []),
    ...pending.map(({ kind }) => plain(kind)),
  ];
  const details = [...new Set(waits)].slice(0, SHOWN).map((wait) => `still waiting: ${wait}`);
  const places = unique([...awaited(hang), ...pending.flatMap(({ site }) => site?.own.slice(0, 1) ?? [])]).slice(
    0,
    SHOWN,
  );
  return {
    ...base,
    title: `${what}.`,
    details: details.length > 0 ? details : ['nothing that Node knows of is under way'],
    places,
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
  return hang?.awaits ? awaitingPlaces(hang.awaits) : [];
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
