/** Sessions as files: `id.json` changes with each beat, `id.ended` is made once and stays. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionInfo, Status } from '../store.js';
import { hasDied, identityOf, type Identity } from './identity.js';
import { codeOf, HOUR_MS, isOlderThan, namesIn, readIfThere, removeIfThere } from './versions.js';

export interface SessionFile {
  readonly host: string;
  readonly pid: number;
  readonly identity: Identity;
  readonly ttlMs: number;
  /** Changes with each beat. Its value says nothing: no clock is compared. */
  readonly beat: string;
  readonly status: Status | null;
}

export class Sessions {
  readonly folder: string;
  readonly #mine = identityOf(process.pid);
  /** When this process has first seen a beat, on its monotonic clock. */
  readonly #seen = new Map<string, { beat: string; at: number }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  async join({ id, host, pid }: SessionInfo, ttlMs: number): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await this.#tidy();
    await this.#write(id, { host, pid, identity: identityOf(pid), ttlMs, beat: randomUUID(), status: null });
  }

  async beat(id: string, ttlMs: number, status: Status | undefined): Promise<'ok' | 'ended'> {
    const file = await this.read(id);
    if (!file || (await this.isEnded(id))) return 'ended';
    await this.#write(id, { ...file, ttlMs, beat: randomUUID(), status: status ?? file.status });
    return (await this.isEnded(id)) ? 'ended' : 'ok';
  }

  async end(id: string, ifExpired: boolean): Promise<boolean> {
    const file = await this.read(id);
    if (!file || (await this.isEnded(id))) return true;
    if (ifExpired && !this.isExpired(id, file)) return false;
    try {
      await writeFile(this.#path(id, 'ended'), '', { flag: 'wx' });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    return true;
  }

  /** A missing session counts as ended. */
  async isEnded(id: string): Promise<boolean> {
    return (await readIfThere(this.#path(id, 'ended'))) !== null;
  }

  async read(id: string): Promise<SessionFile | null> {
    const text = await readIfThere(this.#path(id, 'json'));
    return text === null ? null : (JSON.parse(text) as SessionFile);
  }

  /** Its process is gone, or its beat has not changed for a lease while this process looked on. */
  isExpired(id: string, file: SessionFile): boolean {
    if (hasDied(file.identity, this.#mine)) return true;
    const seen = this.#seen.get(id);
    if (seen?.beat === file.beat) return performance.now() - seen.at > file.ttlMs;
    this.#seen.set(id, { beat: file.beat, at: performance.now() });
    return false;
  }

  async #write(id: string, file: SessionFile): Promise<void> {
    const temporary = path.join(this.folder, `.${randomUUID()}`);
    await writeFile(temporary, JSON.stringify(file));
    await rename(temporary, this.#path(id, 'json'));
  }

  #path(id: string, kind: 'json' | 'ended'): string {
    return path.join(this.folder, `${id}.${kind}`);
  }

  /**
   * The beats of an ended session go after an hour, its end stays much longer: a process that stood still while it beat could
   * bring the beats back, and must find the end.
   */
  async #tidy(): Promise<void> {
    for (const name of await namesIn(this.folder)) {
      const file = path.join(this.folder, name);
      if (name.endsWith('.ended')) {
        if (await isOlderThan(file, HOUR_MS)) await removeIfThere(file.replace(/ended$/, 'json'));
        if (await isOlderThan(file, 1_000 * HOUR_MS)) await removeIfThere(file);
      } else if (name.startsWith('.') && (await isOlderThan(file, HOUR_MS))) await removeIfThere(file);
    }
  }
}
