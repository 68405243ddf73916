/** Starts the application once, with or without the preload, and ends it completely. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ASK_AWAITS, type Orders } from '../journal-entry.js';
import { isAlive, signalAll } from './end-group.js';
import type { Guardian } from './guardian.js';
import { JournalReader } from './journal-reader.js';

export interface Preloads {
  readonly register: string;
  /** Only for a start that is to be asked what it awaits. */
  readonly awaits: string;
}

export interface Launch {
  readonly command: readonly string[];
  /** The preloads; none for what is not Node. */
  readonly preloads: Preloads | undefined;
  readonly guardian: Guardian;
}

export interface Conditions {
  readonly down?: Orders['down'];
  readonly awaits?: boolean;
}

export interface Exit {
  readonly at: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Ending {
  /** It ended by the signal alone. */
  readonly obeyed: boolean;
  readonly tookMs: number;
}

const KEPT_OUTPUT = 4_000;
const POLL_MS = 5;

export class Start {
  readonly startedAt = now();
  readonly journal: JournalReader;
  exit: Exit | undefined;
  /** The end of what it wrote to stdout and stderr. */
  output = '';
  /** The command itself could not be run. */
  failure: Error | undefined;
  readonly #child: ChildProcess;
  readonly #guardian: Guardian;
  readonly #folder: string;

  constructor({ command, preloads, guardian }: Launch, { down = {}, awaits = false }: Conditions = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-doctor-'));
    guardian.tell({ add: { folder } });
    const orders: Orders = { folder, examiner: process.pid, down };
    const files = preloads && [preloads.register, ...(awaits ? [preloads.awaits] : [])];
    const child = spawn(command[0] ?? '', command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all of it can be ended.
      detached: true,
      shell: process.platform === 'win32',
      env: files ? { ...process.env, ...environment(files, orders) } : process.env,
    });
    this.journal = new JournalReader(folder);
    this.#folder = folder;
    this.#child = child;
    this.#guardian = guardian;
    if (child.pid !== undefined) guardian.tell({ add: { group: child.pid } });
    const keep = (part: Buffer) => (this.output = (this.output + part.toString()).slice(-KEPT_OUTPUT));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => {
      this.failure = error;
      this.exit ??= { at: now(), code: null, signal: null };
    });
    child.on('exit', (code, signal) => (this.exit = { at: now(), code, signal }));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Milliseconds since the process began. */
  since(at: number): number {
    return at - this.startedAt;
  }

  /** Waits until `found` gives something, the process ends, or the time is over. */
  async until<T>(found: () => T | undefined | false, limitMs: number, pollMs = POLL_MS): Promise<T | undefined> {
    const end = now() + limitMs;
    for (;;) {
      const ended = this.exit !== undefined;
      this.journal.pump();
      const result = found();
      if (result) return result;
      if (ended || now() >= end) return undefined;
      await delay(pollMs);
    }
  }

  /** Asks every process what it awaits; the answers come as entries of the journal. */
  askAwaits(): void {
    writeFileSync(join(this.#folder, ASK_AWAITS), '');
  }

  async end(graceMs: number): Promise<Ending> {
    const begun = now();
    const group = this.#child.pid;
    if (group === undefined) return this.#done({ obeyed: true, tookMs: 0 });
    signalAll(group, [], 'SIGTERM');
    while (isAlive(group, []) && now() - begun < graceMs) await delay(POLL_MS);
    const tookMs = now() - begun;
    const obeyed = !isAlive(group, []);
    signalAll(group, [this.#folder], 'SIGKILL');
    while (isAlive(group, [this.#folder])) await delay(POLL_MS);
    while (this.exit === undefined) await delay(POLL_MS);
    this.journal.pump();
    if (!obeyed) this.#removeSockets();
    return this.#done({ obeyed, tookMs });
  }

  /** A Unix socket that a killed server leaves behind would be in the way of the next start. */
  #removeSockets(): void {
    for (const { address } of this.journal.of('open')) {
      if (typeof address !== 'string' || address.startsWith('\0')) continue;
      if (statSync(address, { throwIfNoEntry: false })?.isSocket()) rmSync(address, { force: true });
    }
  }

  #done(ending: Ending): Ending {
    rmSync(this.#folder, { recursive: true, force: true });
    this.#guardian.tell({ drop: { folder: this.#folder } });
    if (this.#child.pid !== undefined) this.#guardian.tell({ drop: { group: this.#child.pid } });
    return ending;
  }
}

export function now(): number {
  return performance.timeOrigin + performance.now();
}

function environment(files: readonly string[], orders: Orders): NodeJS.ProcessEnv {
  // Node reads quotes and backslashes in NODE_OPTIONS: a path may have spaces.
  const requires = files.map((file) => `--require ${JSON.stringify(file)}`).join(' ');
  return {
    NODE_OPTIONS: `${requires} ${process.env['NODE_OPTIONS'] ?? ''}`.trim(),
    BOOTSTRAP_GATE_DOCTOR: JSON.stringify(orders),
  };
}
