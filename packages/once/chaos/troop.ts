/** The replicas of a chaos run: started, hit, and started again until they are told to finish. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReplicaResult, ReplicaSettings } from './replica.js';

export interface TroopOptions {
  /** The bundle of replica.ts. */
  readonly program: string;
  readonly replicas: number;
  readonly settings: Omit<ReplicaSettings, 'name' | 'from'>;
  /** Of a hundred hits, how many freeze for longer than the lease instead of killing. */
  readonly freezePercent: number;
  /** The first replicas run with clocks that are this wrong, such as `+1d`. */
  readonly clocks?: { readonly library: string; readonly offsets: readonly string[] };
}

export class Troop {
  kills = 0;
  suicides = 0;
  freezes = 0;
  readonly results: ReplicaResult[] = [];
  readonly failures: string[] = [];
  readonly #options: TroopOptions;
  readonly #alive = new Map<number, ChildProcess>();
  readonly #frozen = new Set<number>();
  readonly #next = new Map<string, number>();
  readonly #killed = new Set<number>();
  #last: number | undefined;

  constructor(options: TroopOptions) {
    this.#options = options;
    for (let i = 1; i <= options.replicas; i++) this.#start(`web-${i}`, i - 1);
  }

  /** Kills a replica, or freezes it until its lease is long over. */
  async hit(pid: number): Promise<void> {
    if (!this.#alive.has(pid) || this.#frozen.has(pid) || this.#killed.has(pid)) return;
    if (Math.random() * 100 >= this.#options.freezePercent) {
      this.#killed.add(pid);
      this.kills++;
      process.kill(pid, 'SIGKILL');
      return;
    }
    this.freezes++;
    this.#frozen.add(pid);
    process.kill(pid, 'SIGSTOP');
    await delay(this.#options.settings.leaseMs * (1.2 + Math.random()));
    this.#frozen.delete(pid);
    if (this.#alive.has(pid)) process.kill(pid, 'SIGCONT');
  }

  /** Lets every replica finish the versions that one of them has begun; says whether they all did. */
  async finish(withinMs: number): Promise<void> {
    this.#last = Math.max(1, ...this.#next.values());
    for (const child of this.#alive.values()) this.#tellLast(child);
    const until = performance.now() + withinMs;
    while (this.#alive.size > 0 && performance.now() < until) await delay(50);
    if (this.#alive.size === 0) return;
    this.failures.push(`${this.#alive.size} replicas had not finished after ${withinMs} ms`);
    for (const child of this.#alive.values()) child.kill('SIGKILL');
    while (this.#alive.size > 0) await delay(50);
  }

  get versions(): number {
    return this.#last ?? 0;
  }

  #start(name: string, index: number): void {
    const { program, settings, clocks } = this.#options;
    const mine: ReplicaSettings = { ...settings, name, from: this.#next.get(name) ?? 1 };
    const offset = clocks?.offsets[index];
    const clock =
      clocks && offset !== undefined ? { LD_PRELOAD: clocks.library, FAKETIME: offset, DONT_FAKE_MONOTONIC: '1' } : {};
    const child = spawn(process.execPath, [program, JSON.stringify(mine)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...clock },
    });
    const pid = child.pid ?? 0;
    this.#alive.set(pid, child);
    child.on('error', () => {}); // a message to one that has just died
    createInterface(child.stdout!).on('line', (line) => {
      const result = JSON.parse(line) as ReplicaResult;
      this.results.push(result);
      this.#next.set(name, result.key);
    });
    let errors = '';
    child.stderr!.on('data', (text) => (errors = (errors + text).slice(-2_000)));
    if (this.#last !== undefined) this.#tellLast(child);
    child.once('close', (code, signal) => {
      this.#alive.delete(pid);
      if (code === 0) return;
      const wasHit = this.#killed.delete(pid);
      if (signal !== 'SIGKILL') this.failures.push(`${name} ended with ${code ?? signal}: ${errors}`);
      else if (!wasHit) this.suicides++;
      if (this.#last === undefined || signal === 'SIGKILL') this.#start(name, index);
    });
  }

  #tellLast(child: ChildProcess): void {
    child.send({ last: this.#last! }, () => {});
  }
}
