/** What a gate knows of that which opens it. The two kinds live on the floor above, in `startup/`. */
import type { Owner, Scope } from '@bootstrap-gate/deadlock/adapter';
import type { GateError } from '../kit/errors.js';
import type { GateReport, Timing } from '../kit/report-types.js';

/** A bootstrap's flights, or first requests. It moves its gate by `booting`, `open`, `fail` and `idle`. */
export interface Startup {
  /** Whether there is a bootstrap, whose value the gate gets. Otherwise pilots open it. */
  readonly hasBootstrap: boolean;
  /** The running or last flight. */
  readonly flight: { readonly number: number; readonly owner: Owner } | undefined;
  /** Whether nothing of the last flight runs any more, neither its bootstrap nor its rollback. */
  readonly isOver: boolean;
  /** How long the flight should take by earlier boots; undefined where nothing is known. */
  readonly timing: Timing | undefined;
  /** What of the last flight has not ended, in words. */
  readonly pending: string;
  /** Sets off the next flight, or the next pilot in the queue. The gate is idle, or failed and past its cooldown. */
  start(): void;
  /** A pilot for a newcomer; undefined where none is wanted, or a listener to this change of state put an end to it. */
  newPilot(): Pilot | undefined;
  /** The pilot on whose behalf `scope` runs, if others still wait for it. */
  pilotOf(scope: Scope | undefined): Pilot | undefined;
  /** Fails what is under way: it was proven that it can never end. */
  fail(error: GateError): void;
  /** What is under way no longer counts: it will not move the gate. */
  disregard(): void;
  /** Aborts what is under way and undoes what succeeded. Never rejects. */
  end(reason: GateError): Promise<void>;
  report(isBooting: boolean): Pick<GateReport, 'attempts' | 'attemptsOmitted' | 'estimate'>;
}

/** A request or call that passes alone in first-request mode. What it calls itself passes with it. */
export interface Pilot {
  /** Whether others still wait for it. */
  readonly counts: boolean;
  /** Calls the application on behalf of this pilot. */
  run<R>(fn: () => R): R;
  /** Calls a function whose promise tells how the pilot ended. */
  call<R>(fn: () => R): Promise<Awaited<R>>;
  /** The first end counts. */
  end(end: PilotEnd): void;
}

/**
 * How a pilot ended: the application answered well (below 400), `rejected` it (below 500), or failed; a `neutral` one says
 * nothing about the application, such as HEAD or OPTIONS; an `overdue` one takes so long that others no longer wait for it.
 */
export type PilotEnd = 'succeeded' | 'rejected' | 'neutral' | 'failed' | 'overdue';

/** Why the last flight failed, and when the next one may start. */
export interface Failure {
  readonly retryAt: number;
  /** A fresh error for each caller and request that is denied. */
  readonly error: () => GateError;
}
