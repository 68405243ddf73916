/** One execution of the bootstrap: its attempts, its time limit, and the rollback. It tells its result and knows no gate. */
import { Owner, runIn, trackScopes } from '@bootstrap-gate/deadlock/adapter';
import { sharedAbort } from '../../kit/abort.js';
import { Attempt } from './attempt.js';
import { channels } from '../../observe/channels.js';
import type { Clock } from '../../kit/clock.js';
import { freshContext } from '../../kit/context.js';
import { failureOf, GateError } from '../../kit/errors.js';
import { unlessFinished } from '../../observe/exit-warning.js';
import type { FlightSettings } from '../../gate-options.js';
import { retryDelay, wantsRetry } from './retry.js';
import { pendingTexts, watchForStall } from '../../observe/stall.js';
import { type AttemptTrace, endTrace } from '../../observe/record.js';
import type { Outcome } from '../../kit/report-types.js';
import type { Verdicts } from '../../observe/verdicts.js';

export interface FlightFailure {
  readonly ok: false;
  readonly error: unknown;
  readonly timedOut: boolean;
}

export type FlightResult<T> = { readonly ok: true; readonly value: T } | FlightFailure;

export interface FlightEvents<T> {
  /** The bootstrap's value, before it counts; what this throws fails the attempt. */
  onValue(value: T): void;
  /** Once per flight, in the same tick in which it is decided. After an abort the bootstrap may still be running. */
  onResult(result: FlightResult<T>): void;
}

let flights = 0;

export class Flight<T> {
  /** Its own in the process, for those who listen: gates may have the same name. */
  readonly number = ++flights;
  /** Who has to finish before the gate can open: the bootstrap, and later the rollback. */
  owner: Owner;
  readonly attempts: AttemptTrace[] = [];
  readonly #settings: FlightSettings<T>;
  readonly #clock: Clock;
  readonly #verdicts: Verdicts;
  readonly #events: FlightEvents<T>;
  readonly #abort = sharedAbort();
  readonly #context = freshContext();
  readonly startedAt: number;
  #stopTimers = (): void => {};
  #current: Attempt<T> | undefined;
  #result: FlightResult<T> | undefined;
  #hasReturned = false;

  constructor(settings: FlightSettings<T>, clock: Clock, verdicts: Verdicts, events: FlightEvents<T>) {
    this.#settings = settings;
    this.#clock = clock;
    this.#verdicts = verdicts;
    this.#events = events;
    this.startedAt = clock.now();
    this.owner = new Owner(`bootstrap of gate "${settings.name}"`, { party: verdicts });
  }

  /** Calls the bootstrap in this tick. Resolves, and never rejects, when nothing of the flight runs any more. */
  run(): Promise<void> {
    return this.#apart(async () => {
      if (this.#result) return; // aborted before its turn came
      this.#startTimers();
      this.#tell('start', 'running');
      const result = await this.#untilDone().then(
        (value) => ({ ok: true, value }) as const,
        (error: unknown) => ({ ok: false, error, timedOut: false }) as const,
      );
      this.#hasReturned = true;
      this.#decide(result, result.ok ? 'done' : 'failed');
      if (!this.#succeeded) await this.#rollBack();
    });
  }

  /** Ends a flight that has no result yet: its failure is this, and its signal fires. */
  abort(reason: unknown): void {
    this.#cutOff({ ok: false, error: reason, timedOut: false });
  }

  /** Undoes a flight that succeeded. Never rejects. */
  undo(): Promise<void> {
    this.owner = new Owner(`rollback of gate "${this.#settings.name}"`, { party: this.#verdicts }); // what is left of the bootstrap may await it
    return this.#apart(() => this.#rollBack());
  }

  /** Whether anything of it still runs; a bootstrap may ignore its signal. */
  get isRunning(): boolean {
    return !this.#hasReturned || this.#current?.hasRunningSteps === true;
  }

  /** What of it has not ended, in words. */
  get pending(): string {
    return pendingTexts(this, this.#clock.now()).join(' ');
  }

  /** The end of the flight's own watch has come by then, but a stop can hang as well. */
  async #rollBack(): Promise<void> {
    const { owner, attempts } = this;
    const { stallAfterMs } = this.#settings;
    const subject = { startedAt: this.#clock.now(), owner, attempts };
    const endWatch = watchForStall(subject, { stallAfterMs, prove: false }, this.#clock);
    await this.#undoAttempt();
    endWatch();
  }

  async #undoAttempt(): Promise<void> {
    await this.#current?.ended();
    await this.#current?.rollback.run();
  }

  get #succeeded(): boolean {
    return this.#result?.ok === true;
  }

  async #untilDone(): Promise<T> {
    const { bootstrap, retry, name: gate } = this.#settings;
    const { signal } = this.#abort;
    const host = { gate, flight: this, clock: this.#clock, signal, owner: this.owner, verdicts: this.#verdicts };
    for (let number = 1; ; number++) {
      const attempt = new Attempt<T>(host, number);
      this.#current = attempt;
      this.attempts.push(attempt.trace);
      try {
        const value = await attempt.run(bootstrap, (value) => this.#events.onValue(value));
        endTrace(attempt.trace, this.#clock.now(), 'done');
        return value;
      } catch (error) {
        endTrace(attempt.trace, this.#clock.now(), 'failed', error);
        if (signal.aborted || !wantsRetry(retry, error, number)) throw error;
        this.#tell('retry', 'running', error);
      }
      await this.#undoAttempt();
      await retryDelay(retry, number, this.#clock, signal);
      signal.throwIfAborted();
    }
  }

  #startTimers(): void {
    const { bootTimeoutMs, stallAfterMs, deadlock, name } = this.#settings;
    const cancelLimit = this.#clock.after(bootTimeoutMs, () => this.#timeOut());
    const endWatch = watchForStall(this, { stallAfterMs, prove: deadlock !== 'off' }, this.#clock);
    const isDecided = unlessFinished(() => `The process ends before gate "${name}" could open. ${this.pending}`);
    this.#stopTimers = () => {
      cancelLimit();
      endWatch();
      isDecided();
    };
  }

  #timeOut(): void {
    const { bootTimeoutMs, name } = this.#settings;
    const pending = this.attempts.flatMap(({ steps }) => steps).filter((step) => step.outcome === 'running');
    const names = pending.map((step) => `"${step.name}"`).join(', ');
    const message = `The bootstrap of gate "${name}" did not finish within ${bootTimeoutMs} ms`;
    const error = new GateError('ERR_GATE_BOOTSTRAP_TIMEOUT', names ? `${message}; pending steps: ${names}` : message);
    this.#cutOff({ ok: false, error, timedOut: true });
  }

  #cutOff(failure: FlightFailure): void {
    if (this.#result) return;
    const outcome = failure.timedOut ? 'failed' : 'aborted';
    if (this.#current) endTrace(this.#current.trace, this.#clock.now(), outcome, failure.error);
    this.#decide(failure, outcome);
    this.#onItsBehalf(() => this.#abort.abort(failure.error));
  }

  /** The one place where a flight gets its result; what comes later is undone. */
  #decide(result: FlightResult<T>, outcome: Outcome): void {
    if (this.#result) return;
    this.#result = result;
    this.#stopTimers();
    this.#tell('end', outcome, ...(result.ok ? [] : [result.error]));
    this.#events.onResult(result);
  }

  /** Work that others may have to wait for. */
  #apart(work: () => Promise<void>): Promise<void> {
    const endTracking = trackScopes();
    const { owner } = this;
    return this.#onItsBehalf(work).finally(() => {
      owner.settled = true;
      endTracking();
    });
  }

  /** Calls `fn` outside every request's context, on behalf of this flight. */
  #onItsBehalf<R>(fn: () => R): R {
    return this.#context.runInAsyncScope(() => runIn(this.owner, fn));
  }

  #tell(type: 'start' | 'retry' | 'end', outcome: Outcome, ...thrown: [] | [unknown]): void {
    if (!channels.flight.hasSubscribers) return;
    const { name: gate } = this.#settings;
    const { number: flight, startedAt } = this;
    const durationMs = this.#clock.now() - startedAt;
    const { error, errorType } = thrown.length ? failureOf(thrown[0]) : { error: null, errorType: null };
    const attempts = this.attempts.length;
    channels.flight.publish({ gate, type, flight, attempts, outcome, startedAt, durationMs, error, errorType });
  }
}
