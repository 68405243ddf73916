import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type {
  Beats,
  Change,
  Owner,
  Peer,
  Run,
  SessionInfo,
  Status,
  StepId,
  Store,
  StoreTraits,
  View,
} from '../store.js';
import { startFileBeats } from './beat-worker.js';
import { Sessions } from './sessions.js';
import { codeOf, makeRevision, namesIn, readNewest } from './versions.js';

/** Everything about a step, as one revision. */
interface StepFile {
  readonly namespace: string;
  readonly name: string;
  readonly fence: number;
  readonly owner: string | null;
  readonly runningKey: string | null;
  readonly since: number;
  readonly runs: readonly (Omit<Run, 'retryInMs'> & { readonly retryAt: number })[];
}

export class FileStore implements Store {
  readonly name = 'the file store';
  readonly traits: StoreTraits = Object.freeze({ clock: 'observer', durable: true, transactions: false });
  readonly #folder: string;
  readonly #sessions: Sessions;

  constructor(folder: string) {
    this.#folder = folder;
    this.#sessions = new Sessions(path.join(folder, 'sessions'));
  }

  async open(): Promise<void> {
    await mkdir(path.join(this.#folder, 'sessions'), { recursive: true });
  }

  async look(step: StepId, key: string, order: number | null): Promise<View> {
    const { revision, file } = await this.#read(this.#folderOf(step));
    if (!file) return { revision, fence: 0, running: null, run: null, ahead: null };
    const ahead = file.runs
      .filter((run) => order !== null && run.state === 'done' && run.order !== null && run.order >= order)
      .sort((a, b) => (b.order ?? 0) - (a.order ?? 0))[0];
    const run = file.runs.find((each) => each.key === key);
    const owner = file.owner === null ? null : await this.#owner(file.owner);
    return {
      revision,
      fence: file.fence,
      running: owner && { key: file.runningKey ?? '', since: file.since, owner },
      run: run ? shown(run) : null,
      ahead: ahead ? shown(ahead) : null,
    };
  }

  async write(step: StepId, seen: number, next: Change): Promise<number | 'conflict' | 'ended'> {
    const folder = this.#folderOf(step);
    const { revision, file } = await this.#read(folder);
    if (revision !== seen) return 'conflict';
    const renews = next.ttlMs !== undefined && next.owner !== null;
    if (renews && (await this.#sessions.beat(next.owner, next.ttlMs, undefined)) === 'ended') return 'ended';
    const text = JSON.stringify(changed(step, file, next));
    if (!(await makeRevision(folder, seen + 1, text))) return 'conflict';
    // Two files do not change together: a session that was ended meanwhile has claimed, and must not begin.
    if (renews && (await this.#sessions.isEnded(next.owner))) return 'ended';
    return seen + 1;
  }

  join(session: SessionInfo, ttlMs: number): Promise<void> {
    return this.#sessions.join(session, ttlMs);
  }

  beat(session: string, ttlMs: number, status: Status): Promise<'ok' | 'ended'> {
    return this.#sessions.beat(session, ttlMs, status);
  }

  end(session: string, ifExpired: boolean): Promise<boolean> {
    return this.#sessions.end(session, ifExpired);
  }

  async peers(namespace: string): Promise<readonly Peer[]> {
    const folder = path.join(this.#folder, hash(namespace));
    const holds = new Map<string, { step: string; fence: number }[]>();
    for (const name of await namesIn(folder)) {
      const { file } = await this.#read(path.join(folder, name));
      if (!file || file.owner === null) continue;
      holds.set(file.owner, [...(holds.get(file.owner) ?? []), { step: file.name, fence: file.fence }]);
    }
    return Promise.all(
      [...holds].map(async ([session, held]) => {
        const { host, pid, ended, status } = await this.#owner(session);
        return { session, host, pid, ended, status, holds: held };
      }),
    );
  }

  /** Files that many write at the same time, a disk that is full for a moment. */
  isTransient(error: unknown): boolean {
    return /^(EMFILE|ENFILE|EAGAIN|EBUSY|EINTR|ENOSPC)$/.test(codeOf(error));
  }

  beatInWorker(session: string, _ttlMs: number, everyMs: number): Beats {
    return startFileBeats(this.#sessions.folder, session, everyMs);
  }

  async #read(folder: string): Promise<{ revision: number; file: StepFile | null }> {
    const { revision, text } = await readNewest(folder);
    return { revision, file: text === null ? null : (JSON.parse(text) as StepFile) };
  }

  async #owner(session: string): Promise<Owner> {
    const file = await this.#sessions.read(session);
    if (!file) return { session, host: 'unknown', pid: 0, ended: true, expired: true, status: null };
    const { host, pid, status } = file;
    const ended = await this.#sessions.isEnded(session);
    return { session, host, pid, ended, expired: this.#sessions.isExpired(session, file), status };
  }

  #folderOf({ namespace, name }: StepId): string {
    return path.join(this.#folder, hash(namespace), hash(name));
  }
}

function changed(step: StepId, file: StepFile | null, next: Change): StepFile {
  const others = (file?.runs ?? []).filter(({ key }) => key !== next.key);
  const { retryInMs = 0, ...run } = next.run ?? {};
  const written = { ...run, key: next.key, fence: next.fence, retryAt: Date.now() + retryInMs } as StepFile['runs'][0];
  return {
    ...step,
    fence: next.fence,
    owner: next.owner,
    runningKey: next.owner === null ? null : next.key,
    since: Date.now(),
    runs: next.run ? [...others, written] : others,
  };
}

function shown({ retryAt, ...run }: StepFile['runs'][0]): Run {
  return { ...run, retryInMs: Math.max(0, retryAt - Date.now()) };
}

/** Names of steps may hold what file names may not, and file systems may not tell V1 from v1. */
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
