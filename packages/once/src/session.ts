/** A replica while it may hold steps: joined before its first claim, beating, ended with the last call that claimed. */
import { randomUUID } from 'node:crypto';
import type { Lease } from './lease.js';
import type { Beats, SessionInfo, Status, Store, WaitEdge } from './store.js';
import { warn } from './warn.js';

/** Of the lease: how often to beat, and how long without a beat the work may go on. */
const BEATS_PER_LEASE = 6;
const TRUST = 2 / 3;
/** A change of status is told this soon, not with each call of `progress`. */
const STATUS_MS = 500;
const TAKEN_FOR_DEAD = 'the replica was taken for dead, and its steps are free for others';

export class Session implements SessionInfo {
  readonly id = randomUUID();
  readonly host: string;
  readonly pid = process.pid;
  readonly leaseMs: number;
  readonly #store: Store;
  readonly #leases = new Set<Lease>();
  readonly #progress: Record<string, { fraction: number; text: string | null }> = {};
  readonly #waits = new Map<string, WaitEdge>();
  #isEnded = false;
  #users = 0;
  #hasWarned = false;
  /** When the last successful beat was sent, monotonic. */
  #beatAt = performance.now();
  #worker: Beats | undefined;
  #beating: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #soon: NodeJS.Timeout | undefined;

  constructor(store: Store, host: string, leaseMs: number) {
    this.#store = store;
    this.host = host;
    this.leaseMs = leaseMs;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  async join(): Promise<void> {
    this.#beatAt = performance.now();
    await this.#store.join(this, this.leaseMs);
    this.#worker = this.#store.beatInWorker?.(this.id, this.leaseMs, this.leaseMs / BEATS_PER_LEASE);
    this.#schedule();
  }

  /** A call that may claim: while there is one, the session does not end by itself. */
  enter(): void {
    this.#users++;
  }

  async leave(): Promise<void> {
    if (--this.#users === 0 && !this.#isEnded) await this.end();
  }

  /** Takes part in the session's fate until released. The claim itself was a beat. */
  hold(lease: Lease, claimedAt: number): void {
    this.#beatAt = Math.max(this.#beatAt, claimedAt);
    this.#leases.add(lease);
    if (this.#isEnded) lease.lose(TAKEN_FOR_DEAD);
  }

  release(lease: Lease): void {
    this.#leases.delete(lease);
  }

  /** Ends it in the store, too, so that nobody has to wait for the lease to expire. */
  async end(): Promise<void> {
    this.#stop();
    await this.#store.end(this.id, false).catch(() => {}); // the lease will expire
  }

  noteProgress(step: string, fraction: number, text: string | undefined): void {
    this.#progress[step] = { fraction, text: text ?? null };
    this.#tellSoon();
  }

  /** Tells the other replicas of a wait until the returned function is called. */
  noteWait(edge: WaitEdge): () => void {
    this.#waits.set(edge.id, edge);
    this.#beat();
    return () => {
      this.#waits.delete(edge.id);
      this.#tellSoon();
    };
  }

  get status(): Status {
    return { progress: this.#progress, waits: [...this.#waits.values()] };
  }

  #schedule(): void {
    const ms = this.leaseMs / BEATS_PER_LEASE / (this.#worker ? 2 : 1);
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#tick(), ms).unref();
  }

  #tick(): void {
    const late = performance.now() - this.#dueAt;
    this.#readWorker();
    this.#loseStale(late);
    if (this.#isEnded) return;
    if (!this.#worker) this.#beat();
    this.#schedule();
  }

  #readWorker(): void {
    if (this.#worker?.isBroken()) this.#worker = undefined;
    if (!this.#worker) return;
    const sentAt = this.#worker.sentAt();
    // Both clocks are monotonic and of this machine; only their zeros differ.
    if (sentAt > 0n) this.#beatAt = performance.now() - Number(process.hrtime.bigint() - sentAt) / 1e6;
    if (this.#worker.isEnded()) this.#lost(TAKEN_FOR_DEAD);
  }

  #loseStale(late: number): void {
    const age = performance.now() - this.#beatAt;
    if (late > this.leaseMs / 2 && !this.#worker && !this.#hasWarned) {
      this.#hasWarned = true;
      warn(
        'ONCE_LOOP_BLOCKED',
        `the event loop stood still for ${Math.round(late)} ms while this replica held a step with a lease of ` +
          `${this.leaseMs} ms. Give the store a connectionString, so that a worker thread keeps the lease, or raise leaseMs.`,
      );
    }
    if (age < this.leaseMs * TRUST) return;
    for (const lease of this.#leases) {
      if (lease.rests === 'beats') lease.lose(`the lease was not renewed for ${Math.round(age)} ms`);
    }
  }

  /** One at a time: with a pool of one a beat waits in its queue, and a second one would wait behind it. */
  #beat(): void {
    if (this.#worker) return this.#worker.publish(this.status);
    this.#beating ??= this.#send().finally(() => (this.#beating = undefined));
  }

  async #send(): Promise<void> {
    try {
      const { sentAt, answer } = await timed(() => this.#store.beat(this.id, this.leaseMs, this.status));
      if (answer === 'ok') this.#beatAt = Math.max(this.#beatAt, sentAt);
      else this.#lost(TAKEN_FOR_DEAD);
    } catch {
      // The next beat tries again; the lease is lost when none succeeds for two thirds of it.
    }
  }

  #tellSoon(): void {
    if (this.#isEnded || this.#soon) return;
    this.#soon = setTimeout(
      () => {
        this.#soon = undefined;
        if (!this.#isEnded) this.#beat();
      },
      Math.min(STATUS_MS, this.leaseMs / BEATS_PER_LEASE),
    ).unref();
  }

  #lost(why: string): void {
    this.#stop();
    for (const lease of this.#leases) lease.lose(why);
  }

  #stop(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    this.#worker?.stop();
  }
}

async function timed<T>(send: () => Promise<T>): Promise<{ sentAt: number; answer: T }> {
  const sentAt = performance.now();
  return { sentAt, answer: await send() };
}
