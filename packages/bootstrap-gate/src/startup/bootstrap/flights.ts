/** The flights of a gate, one after another. They tell how they end, and know neither its state nor who waits. */
import { warn } from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../../kit/clock.js';
import { GateError, messageOf, verdictOf } from '../../kit/errors.js';
import { Flight, type FlightFailure, type FlightResult } from './flight.js';
import { History, type Timing } from '../../observe/history.js';
import { unlessFinished } from '../../observe/exit-warning.js';
import type { FlightSettings } from '../../gate-options.js';
import { reportAttempt } from '../../observe/report.js';
import { Turns } from './turns.js';
import type { GateReport } from '../../kit/report-types.js';
import type { Verdicts } from '../../observe/verdicts.js';

/** Why the last flight failed, and when the next one may start. */
export interface Failure {
  readonly retryAt: number;
  /** A fresh error for each who is told. */
  readonly error: () => GateError;
}

export interface FlightsEvents<T> {
  onTakeOff(): void;
  /** What the bootstrap delivered, before it counts; what this throws fails the attempt. */
  onValue(value: T): void;
  onSuccess(value: T): void;
  /** @returns whether anybody was told the cause */
  onFailure(failure: Failure): boolean;
}

export class Flights<T> {
  readonly #settings: FlightSettings<T>;
  readonly #clock: Clock;
  readonly #verdicts: Verdicts;
  readonly #events: FlightsEvents<T>;
  readonly #turns = new Turns();
  /** Where it is kept how long flights take. */
  readonly #history: History | undefined;
  /** Raised by every flight and every end: what began under an earlier one no longer counts. */
  #generation = 0;
  #last: Flight<T> | undefined;
  /** Ends the memory of a flight that was proven hopeless and that nobody was told of: the process must not end with 0. */
  #forgive = (): void => {};

  constructor(settings: FlightSettings<T>, clock: Clock, verdicts: Verdicts, events: FlightsEvents<T>) {
    this.#settings = settings;
    this.#clock = clock;
    this.#verdicts = verdicts;
    this.#events = events;
    this.#history = settings.history ? new History(settings.name, settings.history) : undefined;
  }

  /** The running or last one. */
  get last(): Flight<T> | undefined {
    return this.#last;
  }

  /** Whether nothing of the last one runs any more, neither its bootstrap nor its rollback. */
  get areOver(): boolean {
    return !this.#turns.taken;
  }

  takeOff(): void {
    const generation = ++this.#generation;
    this.#forgive();
    const flight = new Flight<T>(this.#settings, this.#clock, this.#verdicts, {
      onValue: (value) => this.#events.onValue(value),
      onResult: (result) => {
        if (generation === this.#generation) this.#land(flight, result);
      },
    });
    this.#last = flight;
    this.#history?.begin();
    this.#events.onTakeOff();
    void this.#turns.take(() => flight.run());
  }

  /** Aborts the flight that runs, and undoes the last one when its turn has come. Never rejects. */
  end(reason: GateError): Promise<void> {
    this.#generation++;
    this.#forgive();
    const flight = this.#last;
    flight?.abort(reason);
    return this.#turns.take(async () => flight?.undo());
  }

  /** What of the last one has not ended, in words. */
  get unfinished(): string {
    return this.#last?.pending ?? '';
  }

  /** How long a flight should take by earlier boots, and what is left of this one; undefined where nothing is known. */
  get timing(): Timing | undefined {
    return this.#last && this.#history?.timing(this.#last, this.#clock.now());
  }

  report(isRunning: boolean): Pick<GateReport, 'attempts' | 'estimate'> {
    const now = this.#clock.now();
    const attempts = (this.#last?.attempts ?? []).map((trace) => reportAttempt(trace, now));
    if (!this.#history) return { attempts };
    return { attempts, estimate: this.#last ? this.#history.estimate(this.#last, isRunning, now) : null };
  }

  #land(flight: Flight<T>, result: FlightResult<T>): void {
    const now = this.#clock.now();
    if (result.ok) {
      this.#history?.add(flight, now);
      return this.#events.onSuccess(result.value);
    }
    const error = (): GateError => this.#failureError(flight, result);
    if (this.#events.onFailure({ retryAt: now + this.#settings.cooldownMs, error })) return;
    const { message, verdict } = error();
    warn('GATE_FLIGHT_FAILED', message, result.error);
    if (verdict?.certainty === 'proven') this.#forgive = unlessFinished(() => message);
  }

  #failureError(flight: Flight<T>, { timedOut, error: cause }: FlightFailure): GateError {
    const { name } = this.#settings;
    const what = timedOut ? `${messageOf(cause)}.` : `The bootstrap of gate "${name}" failed: ${messageOf(cause)}`;
    const still = flight.isRunning ? ' It is still running; no other flight starts before it has ended.' : '';
    const code = timedOut ? 'ERR_GATE_BOOTSTRAP_TIMEOUT' : 'ERR_GATE_BOOTSTRAP_FAILED';
    return new GateError(code, what + still, { cause, verdict: verdictOf(cause) });
  }
}
