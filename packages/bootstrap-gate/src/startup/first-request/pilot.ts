import { innermost, runIn, type Scope, trackScopes } from '@bootstrap-gate/deadlock/adapter';
import type { Pilot, PilotEnd } from '../../gate/startup.js';
import type { Clock } from '../../kit/clock.js';

/** A pilot of one gate, until it has ended. */
export class OnePilot implements Pilot {
  readonly gate: object;
  #onEnd: ((end: PilotEnd) => void) | undefined;
  readonly #cancelLimit: () => void;
  readonly #endTracking = trackScopes();

  constructor(gate: object, clock: Clock, timeoutMs: number, onEnd: (end: PilotEnd) => void) {
    this.gate = gate;
    this.#onEnd = onEnd;
    this.#cancelLimit = clock.after(timeoutMs, () => this.end('overdue'), true);
  }

  get counts(): boolean {
    return this.#onEnd !== undefined;
  }

  run<R>(fn: () => R): R {
    return this.counts ? runIn(this, fn) : fn();
  }

  async call<R>(fn: () => R): Promise<Awaited<R>> {
    try {
      const result = await this.run(fn);
      this.end('succeeded');
      return result;
    } catch (error) {
      this.end('failed');
      throw error;
    }
  }

  end(end: PilotEnd): void {
    this.dismiss()?.(end);
  }

  /** From now on it is a request like any other, and its end means nothing. */
  dismiss(): ((end: PilotEnd) => void) | undefined {
    const onEnd = this.#onEnd;
    if (!onEnd) return undefined;
    this.#onEnd = undefined;
    this.#cancelLimit();
    this.#endTracking();
    return onEnd;
  }
}

/** The pilot of this gate on whose behalf `scope` runs, if it still counts. */
export function pilotOf(gate: object, scope: Scope | undefined): OnePilot | undefined {
  return innermost(scope, (of): of is OnePilot => of instanceof OnePilot && of.gate === gate && of.counts);
}
