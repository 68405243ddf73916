/** Plays a scene on real mutexes and gates, one move at a time. */
import { type Boot, createGate, type Gate, isGateError } from 'bootstrap-gate';
import { isDeadlockError, type DeadlockMode, traceMutex, type Verdict } from '@bootstrap-gate/deadlock';
import { Mutex, type MutexInterface } from 'async-mutex';
import { turn } from '../support.js';
import type { Action, Program, Scene } from './actions.js';
import { gateName, lockName, stepName } from './names.js';

export interface Refusal {
  readonly fiber: string;
  readonly verdict: Verdict;
}

export class Play {
  /** Whose turn may come, and how it is given. */
  readonly #ready = new Map<string, () => void>();
  readonly #forks = new Map<string, number>();
  readonly #seen = new WeakSet<object>();
  readonly #locks: readonly MutexInterface[];
  readonly #gates: readonly Gate<unknown>[];
  readonly refusals: Refusal[] = [];
  readonly done = new Set<string>();

  /** @param deadlock `'off'`: the mutexes are plain, and nobody is refused */
  constructor(scene: Scene, deadlock: Exclude<DeadlockMode, 'warn'>) {
    const lock = (_: unknown, number: number): MutexInterface =>
      deadlock === 'off' ? new Mutex() : traceMutex(new Mutex(), lockName(number));
    this.#locks = Array.from({ length: scene.locks }, lock);
    this.#gates = scene.gates.map((program, number) =>
      createGate({
        name: gateName(number),
        deadlock,
        stallAfterMs: Infinity,
        bootstrap: (boot) => this.#fiber(gateName(number), program, boot),
      }),
    );
    scene.programs.forEach((program, number) => void this.#fiber(String(number), program).catch(() => {}));
  }

  get ready(): string[] {
    return [...this.#ready.keys()].sort();
  }

  /** Lets one of them go on, until nothing moves any more. */
  async move(fiber: string): Promise<void> {
    const go = this.#ready.get(fiber);
    this.#ready.delete(fiber);
    go?.();
    await Play.settled();
  }

  /** A gate lets its callers go on with the next turn of the event loop. */
  static async settled(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) await turn();
  }

  async #fiber(fiber: string, program: Program, boot?: Boot): Promise<void> {
    try {
      await this.#program(fiber, program, boot);
    } finally {
      this.done.add(fiber);
    }
  }

  async #program(fiber: string, program: Program, boot: Boot | undefined): Promise<void> {
    for (const action of program) {
      await this.#turnOf(fiber);
      try {
        await this.#perform(fiber, action, boot);
      } catch (error) {
        this.#note(fiber, error);
        if (!action.catches) throw error;
      }
    }
  }

  async #perform(fiber: string, action: Action, boot: Boot | undefined): Promise<unknown> {
    switch (action.kind) {
      case 'pause':
        return;
      case 'run':
        return this.#lock(action.lock).runExclusive(() => this.#body(fiber, action.body, boot), action.priority);
      case 'acquire': {
        const release = await this.#lock(action.lock).acquire(action.priority);
        try {
          return await this.#body(fiber, action.body, boot);
        } finally {
          release();
        }
      }
      case 'free':
        return this.#lock(action.lock).waitForUnlock();
      case 'gate':
        return this.#gates[action.gate]?.ensureReady();
      case 'step': {
        const child = this.#fork(fiber);
        return boot?.step(stepName(child), () => this.#fiber(child, action.body, boot));
      }
      case 'all': {
        const parts = action.parts.map((part) => this.#fiber(this.#fork(fiber), part, boot));
        const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
        if (failed) throw failed.reason;
      }
    }
  }

  async #body(fiber: string, program: Program, boot: Boot | undefined): Promise<void> {
    await this.#program(fiber, program, boot);
    await this.#turnOf(fiber);
  }

  #turnOf(fiber: string): Promise<void> {
    return new Promise((go) => this.#ready.set(fiber, go));
  }

  #fork(fiber: string): string {
    const number = (this.#forks.get(fiber) ?? 0) + 1;
    this.#forks.set(fiber, number);
    return `${fiber}.${number}`;
  }

  #lock(number: number): MutexInterface {
    const lock = this.#locks[number];
    if (!lock) throw new Error(`there is no lock ${number}`);
    return lock;
  }

  /** A refusal is noted where it happens, not where it passes by. */
  #note(fiber: string, error: unknown): void {
    const verdict = isDeadlockError(error) || isGateError(error) ? error.verdict : undefined;
    if (!verdict) throw error;
    if (this.#seen.has(error as Error)) return;
    this.#seen.add(error as Error);
    this.refusals.push({ fiber, verdict });
  }
}
