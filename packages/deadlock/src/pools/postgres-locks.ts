/**
 * Whom Postgres makes the sessions of a pool wait for. Asked at a stall, on a connection of its own, because all others may
 * be waiting; a server that does not answer in time is left alone.
 */
import { now } from '../now.js';
import type { TracedPool } from './pool.js';

export interface PostgresClient {
  connect?(): Promise<unknown>;
  query(text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }>;
  end(): Promise<unknown>;
}

/** How to ask a pool's server. */
export interface PostgresSessions {
  readonly traced: TracedPool;
  open(): Promise<PostgresClient>;
  close(client: PostgresClient): Promise<unknown>;
}

/** A session of this process that waits for a lock, and whoever has it. */
export interface BlockedSession {
  readonly pool: string;
  readonly pid: number;
  readonly query: string;
  /** Where the connection was taken, if it is held now. */
  readonly at: string | undefined;
  /** Such as `Lock: transactionid`. */
  readonly waitsFor: string;
  readonly since: number;
  readonly blockers: readonly Blocker[];
}

export interface Blocker {
  readonly pid: number;
  readonly isOurs: boolean;
  /** Of a session of this process: where its connection was taken. */
  readonly at: string | undefined;
  /** Such as `idle in transaction`. */
  readonly state: string;
  readonly query: string;
  readonly applicationName: string;
}

interface Row {
  readonly pid: number;
  readonly state: string | null;
  readonly wait: string | null;
  readonly query: string | null;
  readonly application_name: string | null;
  readonly since_ms: string | number | null;
  readonly blockers: readonly number[];
}

const TEXT = `
select pid, state, wait_event_type || ': ' || wait_event as wait, left(query, 120) as query, application_name,
  extract(epoch from now() - state_change) * 1000 as since_ms, blockers
from (select *, pg_blocking_pids(pid) as blockers from pg_stat_activity) as activity
where pid = any($1)
  or pid in (select unnest(pg_blocking_pids(own)) from unnest($1::int[]) as own)`;

const LIMIT_MS = 3_000;

/** Empty where nothing is blocked, or the server does not answer. */
export async function blockedSessions(sessions: PostgresSessions): Promise<BlockedSession[]> {
  const held = new Map<number, string>();
  for (const [client, { at }] of sessions.traced.held) {
    const pid: unknown = Reflect.get(client, 'processID');
    if (typeof pid === 'number') held.set(pid, at());
  }
  if (held.size === 0) return [];
  const rows = await within(LIMIT_MS, ask(sessions, [...held.keys()]));
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  return rows
    .filter(({ pid, blockers }) => held.has(pid) && blockers.length > 0)
    .map((row) => ({
      pool: sessions.traced.label,
      pid: row.pid,
      query: row.query ?? '',
      at: held.get(row.pid),
      waitsFor: row.wait ?? '',
      since: now() - Number(row.since_ms ?? 0),
      blockers: [...new Set(row.blockers)].map((pid) => blockerOf(pid, byPid.get(pid), held)),
    }));
}

function blockerOf(pid: number, row: Row | undefined, held: ReadonlyMap<number, string>): Blocker {
  return {
    pid,
    isOurs: held.has(pid),
    at: held.get(pid),
    state: row?.state ?? '',
    query: row?.query ?? '',
    applicationName: row?.application_name ?? '',
  };
}

async function ask(sessions: PostgresSessions, pids: readonly number[]): Promise<Row[]> {
  const client = await sessions.open();
  try {
    const { rows } = await client.query(TEXT, [pids]);
    return rows as Row[];
  } finally {
    await sessions.close(client);
  }
}

function within(ms: number, work: Promise<Row[]>): Promise<Row[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, []);
    timer.unref();
    void work.then(resolve, () => resolve([])).finally(() => clearTimeout(timer));
  });
}

export function blockedText(sessions: readonly BlockedSession[]): string {
  return sessions.map(lineOf).join('\n');
}

function lineOf({ pool, pid, query, at, waitsFor, since, blockers }: BlockedSession): string {
  const by = blockers.map((blocker) => {
    const whose = blocker.isOurs
      ? `this process, taken at ${blocker.at}`
      : `another program${blocker.applicationName && ` (${blocker.applicationName})`}`;
    return `    is blocked by session ${blocker.pid} of ${whose}: ${blocker.state}, its last query: ${blocker.query}`;
  });
  const seconds = ((now() - since) / 1000).toFixed(1);
  return [`session ${pid} of ${pool}, taken at ${at}, has waited ${seconds} s (${waitsFor}): ${query}`, ...by].join(
    '\n',
  );
}
