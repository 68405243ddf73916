/** The messages of flights and steps. They are only made while a channel has a subscriber. */
import { channels } from './channels.js';
import type { StepRecord } from './record.js';
import type { Clock } from '../kit/clock.js';
import { failureOf } from '../kit/errors.js';
import type { Outcome } from '../kit/report-types.js';

interface FlightFacts {
  readonly gate: string;
  readonly number: number;
  readonly startedAt: number;
  readonly attempts: readonly { readonly attempt: number }[];
}

/** @param thrown what the attempt or flight failed with */
export function publishFlight(
  type: 'start' | 'retry' | 'end',
  { gate, number: flight, startedAt, attempts }: FlightFacts,
  outcome: Outcome,
  clock: Clock,
  ...thrown: [] | [unknown]
): void {
  if (!channels.flight.hasSubscribers) return;
  const { error, errorType } = thrown.length ? failureOf(thrown[0]) : { error: null, errorType: null };
  const times = { startedAt, durationMs: clock.now() - startedAt };
  channels.flight.publish({
    gate,
    type,
    flight,
    attempts: attempts.at(-1)?.attempt ?? 0,
    outcome,
    ...times,
    error,
    errorType,
  });
}

/** Where a step belongs. */
export interface StepPlace {
  readonly gate: string;
  readonly flight: { readonly number: number; readonly startedAt: number };
  /** Which attempt of the flight. */
  readonly attempt: number;
}

/** @param thrown what its function failed with, where it is called again */
export function publishStep(
  type: 'start' | 'progress' | 'retry' | 'end',
  { gate, flight, attempt }: StepPlace,
  record: StepRecord,
  ...thrown: [] | [unknown]
): void {
  if (!channels.step.hasSubscribers) return;
  const { error, errorType } = thrown.length ? failureOf(thrown[0]) : record;
  const { name: step, parent, outcome, progress, startedAt, endedAt } = record;
  const of = { flight: flight.number, flightStartedAt: flight.startedAt, attempt, parent, step };
  channels.step.publish({ gate, type, ...of, outcome, progress, error, errorType, startedAt, endedAt });
}
