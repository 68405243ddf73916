import type { Beats, Change, Peer, Run, SessionInfo, Status, StepId, Store, StoreTraits, View } from '../store.js';
import { startBeats } from './beat-worker.js';
import { statement, type PoolLike } from './connection.js';
import { checkVersion, create, explain, LOOK_FOR_TABLES, missing, readVersion } from './schema.js';
import { CHECKS_CONNECTION, statementsOf, type Statements } from './statements.js';
import { isTransient } from './transient.js';

/** How long creation may take when hundreds take turns. */
const OPEN_MS = 60_000;

export interface PostgresSettings {
  readonly schema: string;
  readonly create: boolean;
  readonly leaseMs: number;
  readonly connectionString: string | undefined;
}

export class PostgresStore implements Store {
  readonly name = 'Postgres';
  readonly traits: StoreTraits = Object.freeze({ clock: 'store', durable: true, transactions: true });
  readonly sql: Statements;
  readonly pool: PoolLike;
  /** After this a statement's connection is given up; well within the lease. */
  readonly timeoutMs: number;
  checksConnection = false;
  readonly #settings: PostgresSettings;
  #beatsSinceTidied = 0;

  constructor(pool: PoolLike, settings: PostgresSettings) {
    this.pool = pool;
    this.sql = statementsOf(settings.schema);
    this.timeoutMs = Math.min(10_000, Math.max(500, settings.leaseMs / 3));
    this.#settings = settings;
  }

  async open(): Promise<void> {
    const { schema } = this.#settings;
    const run = (text: string, values: unknown[] = []) => statement(this.pool, text, values, OPEN_MS);
    try {
      if (!jsonOf(await run(LOOK_FOR_TABLES, [schema]))) {
        if (!this.#settings.create) throw missing(schema);
        await run(create(schema));
      }
      checkVersion(schema, jsonOf(await run(readVersion(schema))) as number | null);
    } catch (error) {
      throw explain(schema, error);
    }
    // Where the system cannot do it (Windows, before Postgres 14) setting it is an error, or there is no such setting.
    this.checksConnection = await run(CHECKS_CONNECTION).then(
      (rows) => rows.length > 0,
      (error: unknown) => {
        if (isTransient(error)) throw error;
        return false;
      },
    );
  }

  async look(step: StepId, key: string, order: number | null): Promise<View> {
    const view = (await this.#json(this.sql.look, [step.namespace, step.name, key, order])) as RawView;
    const { running } = view;
    return {
      ...view,
      running: running && {
        key: running.key,
        since: running.since,
        owner: { ...running, status: parse(running.status) },
      },
      run: view.run && { ...view.run, error: parse(view.run.error) },
      ahead: view.ahead && { ...view.ahead, error: parse(view.ahead.error) },
    };
  }

  async write(step: StepId, seen: number, next: Change): Promise<number | 'conflict' | 'ended'> {
    if (seen === 0) await this.#run(this.sql.insertStep, [step.namespace, step.name]);
    return this.answerOf(await this.#run(this.sql.write, writeValues(step, seen, next)));
  }

  /** What the rows of a `write` say, on whatever connection. */
  answerOf(rows: unknown[]): number | 'conflict' | 'ended' {
    const { revision, found } = jsonOf(rows) as {
      revision: number | null;
      found: boolean;
    };
    return revision ?? (found ? 'ended' : 'conflict');
  }

  async join({ id, host, pid }: SessionInfo, ttlMs: number): Promise<void> {
    await this.#run(this.sql.join, [id, host, pid, ttlMs]);
    if (this.#beatsSinceTidied++ % 100 === 0) await this.#run(this.sql.tidy, []).catch(() => {});
  }

  async beat(session: string, ttlMs: number, status: Status): Promise<'ok' | 'ended'> {
    const rows = await this.#run(this.sql.beat, [session, ttlMs, JSON.stringify(status)]);
    return rows.length > 0 ? 'ok' : 'ended';
  }

  async end(session: string, ifExpired: boolean): Promise<boolean> {
    return (await this.#json(this.sql.end, [session, ifExpired])) as boolean;
  }

  async peers(namespace: string): Promise<readonly Peer[]> {
    const peers = (await this.#json(this.sql.peers, [namespace])) as RawPeer[];
    return peers.map((peer) => ({ ...peer, holds: peer.holds ?? [], status: parse<Status>(peer.status) }));
  }

  async lockWaits(peers: readonly Peer[]): Promise<readonly { from: string; to: string }[]> {
    const steps = new Map<string, string>();
    for (const { session, holds } of peers) {
      for (const { step, fence } of holds) steps.set(applicationName(session, step, fence), step);
    }
    const waits = (await this.#json(this.sql.lockWaits, [])) as { from: string; to: string }[];
    return waits.map(({ from, to }) => ({ from: steps.get(from) ?? from, to: steps.get(to) ?? to }));
  }

  isTransient(error: unknown): boolean {
    return isTransient(error);
  }

  beatInWorker(session: string, ttlMs: number, everyMs: number): Beats | undefined {
    const { connectionString } = this.#settings;
    return connectionString === undefined
      ? undefined
      : startBeats({ connectionString, sql: this.sql.beat, session, ttlMs, everyMs });
  }

  async #json(text: string, values: unknown[]): Promise<unknown> {
    return jsonOf(await this.#run(text, values));
  }

  async #run(text: string, values: unknown[]): Promise<unknown[]> {
    try {
      return await statement(this.pool, text, values, this.timeoutMs);
    } catch (error) {
      throw explain(this.#settings.schema, error);
    }
  }
}

export function writeValues(step: StepId, seen: number, { fence, owner, key, run, ttlMs }: Change): unknown[] {
  return [
    step.namespace,
    step.name,
    seen,
    fence,
    owner,
    key,
    ttlMs ?? null,
    run?.order ?? null,
    run?.state ?? null,
    run?.attempts ?? null,
    run?.result ?? null,
    run?.error ? JSON.stringify(run.error) : null,
    run?.retryInMs ?? null,
  ];
}

/** Names a guarded connection for pg_stat_activity: at most 63 bytes of ASCII, the fence always in it. */
export function applicationName(session: string, step: string, fence: number): string {
  const end = `#${fence}`;
  const start = `once/${session.slice(0, 8)}/${step.replace(/[^\x20-\x7e]/g, '?')}`;
  return start.slice(0, 63 - end.length) + end;
}

type RawRun = Omit<Run, 'error'> & { readonly error: string | null };

interface RawView extends Pick<View, 'revision' | 'fence'> {
  readonly running: {
    readonly key: string;
    readonly since: number;
    readonly session: string;
    readonly host: string;
    readonly pid: number;
    readonly ended: boolean;
    readonly expired: boolean;
    readonly status: string | null;
  } | null;
  readonly run: RawRun | null;
  readonly ahead: RawRun | null;
}

type RawPeer = Omit<Peer, 'status' | 'holds'> & {
  readonly status: string | null;
  readonly holds: Peer['holds'] | null;
};

/** What a statement says: its one row has one text. */
const jsonOf = (rows: unknown[]): unknown => JSON.parse((rows[0] as { json: string }).json);

const parse = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
