/** The gate: its state, and who may pass in which state. */
import {
  callSite,
  currentScope,
  newWait,
  ownersOf,
  type Resource,
  type Scope,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
import { readWaitOptions, waitAtGate, wrapAtGate } from './caller.js';
import { ChangeFeed } from './change-feed.js';
import type { Clock } from './clock.js';
import { GateError, type GateErrorCode, messageOf, verdictOf } from './errors.js';
import { FirstRequests } from './first-requests.js';
import { Flight, type FlightFailure, type FlightResult } from './flight.js';
import { History, type Timing } from './history.js';
import { unlessFinished } from './last-word.js';
import { gateResource } from './gate-resource.js';
import { Line, settle, type Waiter } from './line.js';
import type { FlightSettings, PilotSettings } from './options.js';
import { type Pilot, pilotOf } from './pilot.js';
import { reportAttempt } from './report.js';
import { Turns } from './turns.js';
import type { Gate, GateReport, GateState, WaitOptions } from './types.js';
import { Verdicts } from './verdicts.js';

/** What is true in each state, and only there. */
type Phase<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'booting' }
  | { readonly state: 'ready' | 'draining'; readonly value: T }
  | { readonly state: 'failed'; readonly failure: FlightFailure; readonly retryAt: number }
  | { readonly state: 'failed'; readonly resetting: Promise<void> }
  | { readonly state: 'closed'; readonly closing: Promise<void> };

/** Whether one may pass, as data. With a `pilot` it passes alone, in first-request mode. */
export type Decision =
  | { readonly kind: 'admit'; readonly pilot?: Pilot }
  | { readonly kind: 'hold' }
  | { readonly kind: 'deny'; readonly error: GateError };

/** Tells gates from other objects, also those of another copy of this package. */
export const gateBrand = Symbol.for('bootstrap-gate.gate');

/** Public through the `Gate` interface; what follows it is for callers and doors. */
export class BootstrapGate<T> implements Gate<T> {
  ready = false;
  #phase: Phase<T> = { state: 'idle' };
  /** Raised by every flight, reset and close: what began under an earlier one no longer changes the gate. */
  #generation = 0;
  /** The running or last one. */
  #flight: Flight<T> | undefined;
  /** Without a bootstrap. */
  readonly #firstRequests: FirstRequests | undefined;
  /** Where it is kept how long flights take. */
  readonly #history: History | undefined;
  readonly #settings: FlightSettings<T> | PilotSettings;
  readonly #turns = new Turns();
  readonly #changes: ChangeFeed;
  /** Ends the memory of a flight that was proven hopeless and that nobody was told of: the process must not end with 0. */
  #forgive = (): void => {};
  readonly #builders: ((value: unknown) => void)[] = [];

  readonly clock: Clock;
  readonly line: Line;
  readonly verdicts: Verdicts;
  readonly counts = { admitted: 0, denied: 0, held: 0 };
  /** What waits for this gate is recorded as waiting for this. */
  readonly resource: Resource;
  /** Whether it has ever been open. */
  hasOpened = false;

  constructor(settings: FlightSettings<T> | PilotSettings, clock: Clock) {
    const { name } = settings;
    this.#settings = settings;
    this.#changes = new ChangeFeed(name);
    this.clock = clock;
    this.line = new Line(clock);
    this.verdicts = new Verdicts(settings, () => this.flightNumber);
    this.resource = gateResource(name, this.verdicts, () => this.#flight?.owner);
    this.#history = settings.bootstrap && settings.history ? new History(name, settings.history) : undefined;
    if (!settings.bootstrap) this.#firstRequests = this.#expectFirstRequests(settings);
    else if (settings.eager) this.start();
  }

  get name(): string {
    return this.#settings.name;
  }

  get state(): GateState {
    return this.#phase.state;
  }

  get waiting(): number {
    return this.line.size;
  }

  get value(): T {
    const phase = this.#phase;
    if (phase.state === 'ready' || phase.state === 'draining') return phase.value;
    if (phase.state === 'closed') throw this.error('ERR_GATE_CLOSED', 'is closed; its value is gone');
    throw this.error('ERR_GATE_NOT_READY', `is ${phase.state}; it has no value`);
  }

  async ensureReady(options?: WaitOptions): Promise<T> {
    if (this.ready && options === undefined) return this.value;
    const at = (): string => callSite(this.ensureReady);
    const { value } = await waitAtGate(this, readWaitOptions(options), { canPilot: false, at });
    return value;
  }

  wrap<This, Args extends unknown[], R>(
    fn: (this: This, ...args: Args) => R,
    options?: { readonly timeoutMs?: number | undefined },
  ): (this: This, ...args: Args) => Promise<Awaited<R>> {
    return wrapAtGate(this, fn, options);
  }

  report(): GateReport {
    const now = this.clock.now();
    const attempts = (this.#flight?.attempts ?? []).map((trace) => reportAttempt(trace, now));
    const report = { gate: this.name, state: this.state, attempts, ...this.counts, verdicts: this.verdicts.list() };
    if (!this.#history) return report;
    const isRunning = this.state === 'booting';
    return { ...report, estimate: this.#flight ? this.#history.estimate(this.#flight, isRunning, now) : null };
  }

  onChange(listener: (state: GateState, previous: GateState) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  reset(): Promise<void> {
    return this.#awaitable(this.#reset(), this.reset);
  }

  drain(): void {
    if (this.#phase.state === 'ready') this.#enter({ ...this.#phase, state: 'draining' });
  }

  close(): Promise<void> {
    return this.#awaitable(this.#close(), this.close);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // ---- for callers and doors ----

  get [gateBrand](): true {
    return true;
  }

  get hasBootstrap(): boolean {
    return this.#settings.bootstrap !== undefined;
  }

  /** Whether a newcomer would pass alone, in first-request mode: nobody does, and nobody in line comes first. */
  get wantsPilot(): boolean {
    return this.#hasNoPilot && !this.line.hasPilot;
  }

  /** What one who is admitted now gets. In first-request mode pilots are admitted before the gate has a value. */
  get admittedValue(): T {
    return this.hasBootstrap ? this.value : (undefined as T);
  }

  /** How long the running flight should take by earlier boots, and what is left of it; undefined where nothing is known. */
  get timing(): Timing | undefined {
    const flight = this.state === 'booting' ? this.#flight : undefined;
    return flight && this.#history?.timing(flight, this.clock.now());
  }

  /** The running or last flight, as those who listen know it. */
  get flightNumber(): number | null {
    return this.#flight?.number ?? null;
  }

  /** How long the next flight will not start yet. */
  get cooldownLeftMs(): number {
    return 'retryAt' in this.#phase ? Math.max(0, this.#phase.retryAt - this.clock.now()) : 0;
  }

  /**
   * Whether a newcomer may pass; a pilot has begun by then.
   *
   * @param scope on whose behalf it is asked; what a pilot calls passes with it
   */
  decide(canPilot: boolean, scope: Scope | undefined): Decision {
    const phase = this.#phase;
    if (this.ready || pilotOf(this, scope)) return { kind: 'admit' };
    if (phase.state === 'closed') return { kind: 'deny', error: this.#leftError() };
    if ('failure' in phase && !this.#mayRetry) return { kind: 'deny', error: this.#failureError(phase.failure) };
    if (!canPilot || !this.wantsPilot) return { kind: 'hold' };
    const pilot = this.#firstRequests?.begin(this);
    return pilot ? { kind: 'admit', pilot } : { kind: 'deny', error: this.#leftError() };
  }

  /** Gets the gate going, if it is neither on its way nor there: a flight, or the next pilot in line. */
  start(): void {
    if (!this.#settings.bootstrap) return this.#nextPilot();
    const phase = this.#phase;
    if (phase.state === 'idle' || ('failure' in phase && this.#mayRetry)) this.#takeOff(this.#settings);
  }

  /** Calls `build` with the value of each flight before it counts, and at once when the gate is open already. */
  onValue(build: (value: unknown) => void): void {
    if (this.ready) build(this.value);
    this.#builders.push(build);
  }

  error(code: GateErrorCode, text: string): GateError {
    return new GateError(code, `Gate "${this.name}" ${text}.`);
  }

  // ---- changes of state ----

  /** The one place where the state changes. `settleWaiters` comes before any listener can add to the line. */
  #enter(phase: Phase<T>, settleWaiters = (): void => {}): void {
    const previous = this.#phase.state;
    this.#phase = phase;
    this.ready = phase.state === 'ready' || phase.state === 'draining';
    if (phase.state !== previous) this.#changes.note(phase.state, previous);
    settleWaiters();
    this.#changes.tell();
  }

  /** Enters a phase that denies all who wait, and under which nothing earlier counts. */
  #leave(phase: Phase<T>): number {
    const generation = ++this.#generation;
    this.#forgive();
    this.#firstRequests?.restart();
    this.#enter(phase, () => this.line.denyAll(() => this.#leftError()));
    return generation; // a listener may have raised it since
  }

  #open(value: T): void {
    this.hasOpened = true;
    this.#enter({ state: 'ready', value });
    this.line.release(() => this.ready);
  }

  #reset(): Promise<void> {
    const phase = this.#phase;
    if (phase.state === 'closed') return phase.closing;
    if ('resetting' in phase) return phase.resetting;
    if (!this.#flight || phase.state === 'idle') {
      this.#leave({ state: 'idle' });
      return Promise.resolve();
    }
    const toIdle = (): void => {
      this.#enter({ state: 'idle' });
      if (this.line.size > 0) this.start();
    };
    return this.#windDown((resetting) => ({ state: 'failed', resetting }), toIdle);
  }

  #close(): Promise<void> {
    if (this.#phase.state === 'closed') return this.#phase.closing;
    return this.#windDown((closing) => ({ state: 'closed', closing }));
  }

  /** Denies all, ends the flight, and undoes it when its turn is over; `then` follows unless something else came. */
  #windDown(phaseUntil: (done: Promise<void>) => Phase<T>, then = (): void => {}): Promise<void> {
    let finish!: () => void;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const flight = this.#flight;
    const generation = this.#leave(phaseUntil(done));
    flight?.abort(this.#leftError());
    const isDone = unlessFinished(() => this.#unfinishedText(flight));
    void this.#turns
      .take(async () => flight?.undo())
      .then(() => {
        isDone();
        if (generation === this.#generation) then();
        finish();
      });
    return done;
  }

  #unfinishedText(flight: Flight<T> | undefined): string {
    const rest = flight?.isRunning ? flight.pending : 'Its rollback has not ended.';
    return `The process ends before gate "${this.name}" is ${this.state === 'closed' ? 'closed' : 'reset'}. ${rest}`;
  }

  /** What they are told whom a reset or the close leaves behind. */
  #leftError(): GateError {
    if (this.state === 'closed') return this.error('ERR_GATE_CLOSED', 'is closed');
    return this.error('ERR_GATE_NOT_READY', 'was reset');
  }

  /** A wait for the gate's own end, refused where the gate cannot end before the waiting code does. */
  #awaitable(done: Promise<void>, method: () => Promise<void>): Promise<void> {
    const owners = ownersOf(currentScope());
    if (owners.length === 0) return done;
    const wait = newWait(this.resource, this.clock.now(), callSite(method));
    const refusal = this.verdicts.refusal(owners, wait);
    if (!refusal) return done; // and no edge: who ends a gate often does not wait for that
    const refused = Promise.reject<void>(refusal);
    refused.catch(() => {}); // who calls it without awaiting it does not wait
    return refused;
  }

  // ---- flights ----

  /** Whether a failed gate may start its next flight: after the cooldown, and when nothing of the last one runs. */
  get #mayRetry(): boolean {
    return this.cooldownLeftMs === 0 && !this.#turns.taken;
  }

  #takeOff(settings: FlightSettings<T>): void {
    const generation = ++this.#generation;
    this.#forgive();
    const flight = new Flight<T>(settings, this.clock, this.verdicts, {
      onValue: (value) => this.#builders.forEach((build) => build(value)),
      onResult: (result) => {
        if (generation === this.#generation) this.#land(flight, result, settings.cooldownMs);
      },
    });
    this.#flight = flight;
    this.#history?.load();
    this.#enter({ state: 'booting' });
    void this.#turns.take(() => flight.run());
  }

  #land(flight: Flight<T>, result: FlightResult<T>, cooldownMs: number): void {
    if (result.ok) {
      this.#history?.add(flight, this.clock.now());
      return this.#open(result.value);
    }
    let told = false;
    const tellCause = (waiter: Waiter): GateError => {
      told ||= waiter.hearsCause;
      return this.#failureError(result);
    };
    const retryAt = this.clock.now() + cooldownMs;
    this.#enter({ state: 'failed', failure: result, retryAt }, () => this.line.denyAll(tellCause));
    if (told) return;
    const { message, verdict } = this.#failureError(result);
    warn('GATE_FLIGHT_FAILED', message, result.error);
    if (verdict?.certainty === 'proven') this.#forgive = unlessFinished(() => message);
  }

  #failureError({ timedOut, error: cause }: FlightFailure): GateError {
    const what = timedOut ? `${messageOf(cause)}.` : `The bootstrap of gate "${this.name}" failed: ${messageOf(cause)}`;
    const still = this.#flight?.isRunning ? ' It is still running; no other flight starts before it has ended.' : '';
    const code = timedOut ? 'ERR_GATE_BOOTSTRAP_TIMEOUT' : 'ERR_GATE_BOOTSTRAP_FAILED';
    return new GateError(code, what + still, { cause, verdict: verdictOf(cause) });
  }

  // ---- first requests ----

  get #hasNoPilot(): boolean {
    return !this.hasBootstrap && this.#phase.state === 'idle';
  }

  #expectFirstRequests(settings: PilotSettings): FirstRequests {
    return new FirstRequests(settings, this.clock, {
      onPilot: () => this.#enter({ state: 'booting' }),
      onEnough: () => this.#open(undefined as T),
      onNone: () => {
        this.#enter({ state: 'idle' });
        this.#nextPilot();
      },
    });
  }

  #nextPilot(): void {
    const waiter = this.#hasNoPilot && this.line.takePilot();
    if (!waiter) return;
    const pilot = this.#firstRequests?.begin(this);
    settle(() => (pilot ? waiter.admit(pilot) : waiter.deny(this.#leftError())));
  }
}
