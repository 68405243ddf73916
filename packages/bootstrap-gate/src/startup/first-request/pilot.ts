import { innermost, runIn, type Scope, trackScopes } from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../../kit/clock.js';

/** How a pilot ended: its work succeeded, failed, or took so long that the others no longer wait for it. */
export type PilotEnd = 'succeeded' | 'failed' | 'overdue';

/** A request or call that passes alone in first-request mode. What it calls itself passes with it. */
export class Pilot {
  readonly gate: object;
  #onEnd: ((end: PilotEnd) => void) | undefined;
  readonly #cancelLimit: () => void;
  readonly #endTracking = trackScopes();

  constructor(gate: object, clock: Clock, timeoutMs: number, onEnd: (end: PilotEnd) => void) {
    this.gate = gate;
    this.#onEnd = onEnd;
    this.#cancelLimit = clock.after(timeoutMs, () => this.end('overdue'), true);
  }

  /** Whether others still wait for it. */
  get counts(): boolean {
    return this.#onEnd !== undefined;
  }

  /** Calls the application on behalf of this pilot. */
  run<R>(fn: () => R): R {
    return this.counts ? runIn(this, fn) : fn();
  }

  /** Calls a function whose promise tells how the pilot ended. */
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

  /** The first end counts. */
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
export function pilotOf(gate: object, scope: Scope | undefined): Pilot | undefined {
  return innermost(scope, (of): of is Pilot => of instanceof Pilot && of.gate === gate && of.counts);
}
