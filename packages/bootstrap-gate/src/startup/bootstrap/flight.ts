/** One execution of the bootstrap: its attempts, its time limit, and the rollback. It gives its result and knows no gate. */
import { Owner, trackScopes, type Until } from '@bootstrap-gate/deadlock/adapter';
import { Attempt } from './attempt.js';
import type { BootstrapSettings } from './bootstrap-options.js';
import { retryDelay, wantsRetry } from './retry.js';
import { sharedAbort } from '../../kit/abort.js';
import type { Clock } from '../../kit/clock.js';
import { freshContext } from '../../kit/context.js';
import { GateError } from '../../kit/errors.js';
import type { Outcome } from '../../kit/report-types.js';
import { warnAtExit } from '../../observe/exit-warning.js';
import { type Insight, noInsight } from '../../observe/insight.js';
import { publishFlight } from '../../observe/messages.js';
import { Notices } from '../../observe/notices.js';
import { type AttemptRecord, endRecord, type FlightRecord } from '../../observe/record.js';
import { pendingOwners, pendingTexts, watchForStall } from '../../observe/stall.js';
import type { Verdicts } from '../../observe/verdicts.js';

export interface FlightFailure {
  readonly ok: false;
  readonly error: unknown;
  readonly timedOut: boolean;
}

export type FlightResult<T> = { readonly ok: true; readonly value: T } | FlightFailure;

/** What a flight takes from its gate. */
export interface FlightHost<T> {
  readonly clock: Clock;
  readonly verdicts: Verdicts;
  /** What waits for the gate depends on the work of its flights. */
  readonly resource: { readonly until: Until };
  /** Sees the bootstrap's value before it counts; what this throws fails the attempt. */
  build(value: T): void;
}

/** How many attempts are remembered of the first ones, and of the last: one that retries for hours must not fill the memory. */
const KEPT = 10;

let flights = 0;

export class Flight<T> implements FlightRecord {
  /** Its own in the process, for messages: gates may have the same name. */
  readonly number = ++flights;
  readonly gate: string;
  readonly startedAt: number;
  readonly attempts: AttemptRecord[] = [];
  readonly notices = new Notices(this);
  owner: Owner;
  /**
   * What the bootstrap comes to, its time limit, or what it was aborted with, whichever is first; afterwards the bootstrap
   * may still be running. Never rejects.
   */
  readonly result: Promise<FlightResult<T>>;
  readonly #settings: BootstrapSettings<T>;
  readonly #host: FlightHost<T>;
  readonly #insight: Insight;
  readonly #abort = sharedAbort();
  #stopTimers = (): void => {};
  #current: Attempt<T> | undefined;
  #resolve!: (result: FlightResult<T>) => void;
  #isDecided = false;
  #hasReturned = false;

  constructor(settings: BootstrapSettings<T>, host: FlightHost<T>, insight: Insight) {
    this.#settings = settings;
    this.#insight = insight;
    this.#host = host;
    this.gate = settings.name;
    this.startedAt = host.clock.now();
    this.owner = new Owner(`bootstrap of gate "${settings.name}"`, { party: host.verdicts });
    this.result = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Whether it has a result; it may have been aborted before it began. */
  get isDecided(): boolean {
    return this.#isDecided;
  }

  /** Whether anything of it still runs; a bootstrap may ignore its signal. */
  get isRunning(): boolean {
    return !this.#hasReturned || this.#current?.hasRunningSteps === true;
  }

  /** What of it has not ended, in words. */
  get pending(): string {
    return pendingTexts(this, this.#host.clock.now()).join(' ');
  }

  /** Calls the bootstrap in this tick. Resolves when the bootstrap has settled and no attempt follows. Never rejects. */
  async run(): Promise<void> {
    const { retry } = this.#settings;
    const { signal } = this.#abort;
    this.#startTimers();
    publishFlight('start', this, 'running', this.#host.clock);
    for (let number = 1; ; number++) {
      const attempt = this.#newAttempt(number);
      try {
        const value = await attempt.finish(attempt.call(), (value) => this.#host.build(value));
        endRecord(attempt.record, this.#host.clock.now(), 'done');
        return this.#end({ ok: true, value });
      } catch (error) {
        endRecord(attempt.record, this.#host.clock.now(), 'failed', error);
        if (signal.aborted || !wantsRetry(retry, error, number))
          return this.#end({ ok: false, error, timedOut: false });
        publishFlight('retry', this, 'running', this.#host.clock, error);
      }
      await attempt.undo();
      await retryDelay(retry, number, this.#host.clock, signal);
      if (signal.aborted) return this.#end({ ok: false, error: signal.reason, timedOut: false });
    }
  }

  /** Ends a flight that has no result yet: its failure is this, and its signal fires. */
  abort(reason: unknown): void {
    if (this.#cutOff({ ok: false, error: reason, timedOut: false }, 'aborted')) this.fireSignal(reason);
  }

  /** Fails the bootstrap: it was proven that it never ends. */
  fail(error: unknown): void {
    this.#current?.fail(error);
  }

  /** Tells the bootstrap that it is no longer wanted. */
  fireSignal(reason: unknown): void {
    freshContext(this.owner).runInAsyncScope(() => this.#abort.abort(reason));
  }

  /** Undoes what has completed. Never rejects. The flight's own watch has ended by then, but a stop can hang as well. */
  async rollBack(): Promise<void> {
    const { owner, attempts } = this;
    const startedAt = this.#host.clock.now();
    const endWatch = this.#watchForStall({ startedAt, owner, attempts }, false);
    await this.#current?.undo();
    endWatch();
  }

  /** From now on it is the rollback that has to finish; what is left of the bootstrap may await it. */
  becomeRollback(): void {
    this.owner = new Owner(`rollback of gate "${this.gate}"`, { party: this.#host.verdicts });
  }

  /** Runs work of this flight outside every request's context, and on the flight's behalf: others may wait for it. */
  apart(work: (flight: this) => Promise<void>): Promise<void> {
    const endTracking = trackScopes();
    const { owner } = this;
    return freshContext(owner)
      .runInAsyncScope(work, undefined, this)
      .finally(() => {
        owner.settled = true;
        endTracking();
      });
  }

  #newAttempt(number: number): Attempt<T> {
    const { gate, owner } = this;
    const { clock, verdicts, resource } = this.#host;
    const { until } = resource;
    const host = { gate, flight: this, clock, signal: this.#abort.signal, owner, verdicts, until };
    const attempt = new Attempt(host, this.#settings.bootstrap, number);
    this.#current = attempt;
    this.attempts.push(attempt.record);
    if (this.attempts.length > 2 * KEPT) this.attempts.splice(KEPT, 1);
    return attempt;
  }

  #startTimers(): void {
    const { bootTimeoutMs, blockedAfterMs, name } = this.#settings;
    const cancelLimit = this.#host.clock.after(bootTimeoutMs, () => this.#timeOut());
    const endWatch = this.#watchForStall(this, true);
    const endLoopWatch = this.#insight.watchLoop(blockedAfterMs, this.notices.noteBlocked);
    const isDecided = warnAtExit(
      () => `The process ends before gate "${name}" could open. ${this.pending}`,
      async () => (await this.#insight.explain(pendingOwners(this)))?.text ?? '',
    );
    this.#stopTimers = () => {
      cancelLimit();
      endWatch();
      endLoopWatch();
      isDecided();
    };
  }

  /** @param prove whether it may fail what can never finish; of a stop nothing is proven */
  #watchForStall(work: FlightRecord, prove: boolean): () => void {
    const { stallAfterMs, deadlock } = this.#settings;
    const isOff = deadlock === 'off';
    const insight = isOff ? noInsight : this.#insight;
    const settings = { stallAfterMs, prove: prove && !isOff, insight, note: this.notices.noteStall };
    return watchForStall(work, settings, this.#host.clock);
  }

  #timeOut(): void {
    const { bootTimeoutMs, name } = this.#settings;
    const pending = this.attempts.flatMap(({ steps }) => steps).filter((step) => step.outcome === 'running');
    const names = pending.map((step) => `"${step.name}"`).join(', ');
    const message = `The bootstrap of gate "${name}" did not finish within ${bootTimeoutMs} ms`;
    const error = new GateError('ERR_GATE_BOOTSTRAP_TIMEOUT', names ? `${message}; pending steps: ${names}` : message);
    this.#cutOff({ ok: false, error, timedOut: true }, 'failed');
  }

  #cutOff(failure: FlightFailure, outcome: 'failed' | 'aborted'): boolean {
    if (this.#isDecided) return false;
    if (this.#current) endRecord(this.#current.record, this.#host.clock.now(), outcome, failure.error);
    this.#decide(failure, outcome);
    return true;
  }

  #end(result: FlightResult<T>): void {
    this.#hasReturned = true;
    if (!this.#isDecided) this.#decide(result, result.ok ? 'done' : 'failed');
  }

  /** The one place where a flight gets its result; what comes later is undone. */
  #decide(result: FlightResult<T>, outcome: Outcome): void {
    this.#isDecided = true;
    this.#stopTimers();
    publishFlight('end', this, outcome, this.#host.clock, ...(result.ok ? [] : [result.error]));
    this.#resolve(result);
  }
}
