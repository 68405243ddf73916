/** Watches one wait of a held step for a cycle across replicas. */
import { findCycle } from './cycle.js';
import { OnceDeadlockError } from './errors.js';
import type { Peer, WaitEdge } from './store.js';
import type { Task } from './task.js';
import { warn } from './warn.js';

const LOCK_CHECK_MS = 1_000;
const warned = new Set<string>();

export class CycleWatch {
  readonly edge: WaitEdge;
  readonly #task: Task;
  #seen: string | undefined;
  #locksAt = 0;

  constructor(task: Task, { from, ...edge }: WaitEdge) {
    this.#task = task;
    this.edge = { ...edge, from: { step: from.step, fence: from.fence } };
  }

  /** Publishes the wait until the returned function is called. */
  begin(): (() => void) | undefined {
    return this.#task.replica.session?.noteWait(this.edge);
  }

  /**
   * One look at what all replicas have published. The same cycle seen twice, one poll apart, is certain: each wait in it
   * belongs to an execution that still holds its step, and each was still there.
   *
   * @throws OnceDeadlockError where this wait is the one to give way
   */
  async check(): Promise<void> {
    const { store, settings } = this.#task.replica;
    let peers;
    try {
      peers = await store.peers(settings.namespace);
    } catch (error) {
      if (store.isTransient(error)) return;
      throw error;
    }
    const cycle = findCycle(peers, this.edge.id);
    if (cycle && cycle.id === this.#seen && cycle.victim === this.edge.id) {
      const error = new OnceDeadlockError(cycle.waits);
      this.#task.tell('deadlock', { error, text: error.message });
      throw error;
    }
    this.#seen = cycle?.id;
    if (!cycle) await this.#checkLocks(peers);
  }

  /** A holder whose statement waits for a lock of this step's transaction: it may still time out, so it is a warning. */
  async #checkLocks(peers: readonly Peer[]): Promise<void> {
    const { store } = this.#task.replica;
    if (!store.lockWaits || performance.now() - this.#locksAt < LOCK_CHECK_MS) return;
    this.#locksAt = performance.now();
    const waits = await store.lockWaits(peers).catch(() => []);
    const { from, to } = this.edge;
    if (!waits.some((wait) => wait.from === to && wait.to === from.step)) return;
    const text =
      `step ${JSON.stringify(from.step)} waits for step ${JSON.stringify(to)}, and a statement of ${JSON.stringify(to)} ` +
      `waits for a lock that ${JSON.stringify(from.step)} holds in its transaction: neither can end by itself`;
    this.#task.tell('lock-wait', { text });
    if (warned.has(text)) return;
    warned.add(text);
    warn('ONCE_LOCK_WAIT', text);
  }
}
