/**
 * Floor `startup/bootstrap`: flights, attempts, steps, retry and rollback. Not here: who waits, and requests.
 *
 * A bootstrap's flights, one after another: what opens a gate that has a bootstrap.
 */
import { type Owner, warn } from '@bootstrap-gate/deadlock/adapter';
import { Mutex } from 'async-mutex';
import type { BootstrapSettings } from './bootstrap-options.js';
import { exitAfterFailure } from './exit-after-failure.js';
import { failureText } from './failure-text.js';
import { Flight, type FlightFailure, type FlightResult } from './flight.js';
import type { GateCore } from '../../gate/gate-core.js';
import type { Startup } from '../../gate/startup.js';
import { GateError, messageOf, verdictOf } from '../../kit/errors.js';
import type { GateReport, Timing } from '../../kit/report-types.js';
import { warnAtExit } from '../../observe/exit-warning.js';
import { History } from '../../observe/history.js';
import type { Insight } from '../../observe/insight.js';
import { reportAttempt } from '../../observe/report.js';

export class BootstrapStartup<T> implements Startup {
  readonly hasBootstrap = true;
  readonly #settings: BootstrapSettings<T>;
  readonly #core: GateCore<T>;
  readonly #insight: Insight;
  /** Held by a flight and by its rollback: no two of them overlap. */
  readonly #mutex = new Mutex();
  /** Where it is kept how long flights take. */
  readonly #history: History | undefined;
  #last: Flight<T> | undefined;
  /** The flight whose result moves the gate; none after a reset or close, until the next one starts. */
  #wanted: Flight<T> | undefined;
  /** Ends the memory of a flight that was proven hopeless, without a caller that got the error: the exit code must not be 0. */
  #forgive = (): void => {};

  constructor(settings: BootstrapSettings<T>, core: GateCore<T>, insight: Insight) {
    this.#settings = settings;
    this.#core = core;
    this.#insight = insight;
    this.#history = settings.history ? new History(settings.name, settings.history) : undefined;
  }

  get flight(): { readonly number: number; readonly owner: Owner } | undefined {
    return this.#last;
  }

  get isOver(): boolean {
    return !this.#mutex.isLocked();
  }

  get pending(): string {
    return this.#last?.pending ?? '';
  }

  get timing(): Timing | undefined {
    return this.#last && this.#history?.timing(this.#last, this.#core.clock.now());
  }

  start(): void {
    this.#forgive();
    const flight = new Flight<T>(this.#settings, this.#core, this.#insight);
    this.#wanted = this.#last = flight;
    this.#history?.begin();
    this.#core.booting();
    void flight.apart(this.#fly);
  }

  /** A flight from its start to its end; the next one begins after it. */
  readonly #fly = async (flight: Flight<T>): Promise<void> => {
    const turn = this.#takeTurn();
    if (turn) await turn;
    try {
      if (flight.isDecided) return; // aborted before its turn came
      const returned = flight.run();
      const result = await flight.result;
      if (flight === this.#wanted) this.#land(flight, result);
      if (result.ok) return;
      if (result.timedOut) flight.fireSignal(result.error); // those who waited have been denied by now
      await returned;
      await flight.rollBack();
    } finally {
      this.#mutex.release();
    }
  };

  newPilot(): undefined {
    return undefined;
  }

  pilotOf(): undefined {
    return undefined;
  }

  fail(error: GateError): void {
    this.#last?.fail(error);
  }

  disregard(): void {
    this.#wanted = undefined;
    this.#forgive();
  }

  async end(reason: GateError): Promise<void> {
    const flight = this.#last;
    flight?.abort(reason);
    const turn = this.#takeTurn();
    if (turn) await turn;
    flight?.becomeRollback();
    await flight?.apart(() => flight.rollBack());
    this.#mutex.release();
  }

  report(isBooting: boolean): Pick<GateReport, 'attempts' | 'attemptsOmitted' | 'stall' | 'blocked' | 'estimate'> {
    const now = this.#core.clock.now();
    const records = this.#last?.attempts ?? [];
    const attemptsOmitted = (records.at(-1)?.attempt ?? 0) - records.length;
    const attempts = records.map((record) => reportAttempt(record, now));
    const { stall, blocked = [] } = this.#last?.notices ?? {};
    const known = {
      attempts,
      ...(attemptsOmitted > 0 && { attemptsOmitted }),
      ...(stall && { stall }),
      ...(blocked.length > 0 && { blocked: [...blocked] }),
    };
    if (!this.#history) return known;
    return { ...known, estimate: this.#last ? this.#history.estimate(this.#last, isBooting, now) : null };
  }

  /** Locks the mutex; at once where it is free, and then without a promise: an eager bootstrap is called in this tick. */
  #takeTurn(): Promise<unknown> | undefined {
    const isFree = !this.#mutex.isLocked();
    const turn = this.#mutex.acquire();
    return isFree ? undefined : turn;
  }

  #land(flight: Flight<T>, result: FlightResult<T>): void {
    const now = this.#core.clock.now();
    if (result.ok) {
      this.#history?.add(flight, now);
      return this.#core.open(result.value);
    }
    const error = (): GateError => this.#failureError(flight, result);
    const isHeard = this.#core.fail({ retryAt: now + this.#settings.cooldownMs, error });
    const { message, verdict } = error();
    if (!isHeard) warn('GATE_FLIGHT_FAILED', message, result.error);
    if (this.#settings.exitOnFailure) void exitAfterFailure(this.#core, message);
    if (isHeard) return;
    if (verdict?.certainty === 'proven') this.#forgive = warnAtExit(() => message);
  }

  #failureError(flight: Flight<T>, { timedOut, error: cause }: FlightFailure): GateError {
    const { name } = this.#settings;
    const what = timedOut ? `${messageOf(cause)}.` : failureText(name, flight, cause);
    const still = flight.isRunning ? ' It is still running; no other flight starts before it has ended.' : '';
    const code = timedOut ? 'ERR_GATE_BOOTSTRAP_TIMEOUT' : 'ERR_GATE_BOOTSTRAP_FAILED';
    return new GateError(code, what + still, { cause, verdict: verdictOf(cause) });
  }
}
