/** The gate: its state, and who may pass in which state. */
import { callSite, type Resource, type Scope } from '@bootstrap-gate/deadlock/adapter';
import { readWaitOptions, waitAtGate, waitForEnd, wrapAtGate } from './callers.js';
import { ChangeFeed } from './change-feed.js';
import type { Clock } from '../kit/clock.js';
import { GateError, type GateErrorCode } from '../kit/errors.js';
import { FirstRequests } from '../startup/first-request/first-requests.js';
import { type Failure, Flights } from '../startup/bootstrap/flights.js';
import { gateResource } from './gate-resource.js';
import type { Timing } from '../observe/history.js';
import { unlessFinished } from '../observe/exit-warning.js';
import { Line, settle } from './wait-queue.js';
import type { FlightSettings, PilotSettings } from '../gate-options.js';
import { type Pilot, pilotOf } from '../startup/first-request/pilot.js';
import type { GateReport } from '../kit/report-types.js';
import type { Gate, GateState, WaitOptions } from '../kit/types.js';
import { Verdicts } from '../observe/verdicts.js';

/** What is true in each state, and only there. */
type Phase<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'booting' }
  | { readonly state: 'ready' | 'draining'; readonly value: T }
  | { readonly state: 'failed'; readonly failure: Failure }
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
  /** With a bootstrap. */
  readonly #flights: Flights<T> | undefined;
  /** Without one. */
  readonly #firstRequests: FirstRequests | undefined;
  readonly #changes: ChangeFeed;
  readonly #builders: ((value: unknown) => void)[] = [];

  readonly name: string;
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
    this.name = name;
    this.clock = clock;
    this.line = new Line(clock);
    this.#changes = new ChangeFeed(name);
    this.verdicts = new Verdicts(settings, () => this.flightNumber);
    this.resource = gateResource(name, this.verdicts, () => this.#flights?.last?.owner);
    if (!settings.bootstrap) {
      this.#firstRequests = this.#expectFirstRequests(settings);
    } else {
      this.#flights = this.#expectFlights(settings);
      if (settings.eager) this.start();
    }
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
    const { name: gate, state, counts, verdicts } = this;
    const flights = this.#flights?.report(state === 'booting') ?? { attempts: [] };
    return { gate, state, ...flights, ...counts, verdicts: verdicts.list() };
  }

  onChange(listener: (state: GateState, previous: GateState) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  reset(): Promise<void> {
    return waitForEnd(this, this.#reset(), this.reset);
  }

  drain(): void {
    if (this.#phase.state === 'ready') this.#enter({ ...this.#phase, state: 'draining' });
  }

  close(): Promise<void> {
    return waitForEnd(this, this.#close(), this.close);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // ---- for callers and doors ----

  get [gateBrand](): true {
    return true;
  }

  get hasBootstrap(): boolean {
    return this.#flights !== undefined;
  }

  /** Whether a newcomer would pass alone, in first-request mode: nobody does, and nobody in line comes first. */
  get wantsPilot(): boolean {
    return !this.hasBootstrap && this.state === 'idle' && !this.line.hasPilot;
  }

  /** What one who is admitted now gets. In first-request mode pilots are admitted before the gate has a value. */
  get admittedValue(): T {
    return this.hasBootstrap ? this.value : (undefined as T);
  }

  /** How long the running flight should take, and what is left of it; undefined where nothing is known. */
  get timing(): Timing | undefined {
    return this.state === 'booting' ? this.#flights?.timing : undefined;
  }

  /** The running or last flight, as those who listen know it. */
  get flightNumber(): number | null {
    return this.#flights?.last?.number ?? null;
  }

  /** How long the next flight will not start yet. */
  get cooldownLeftMs(): number {
    return 'failure' in this.#phase ? Math.max(0, this.#phase.failure.retryAt - this.clock.now()) : 0;
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
    if ('failure' in phase && !this.#mayRetry) return { kind: 'deny', error: phase.failure.error() };
    if (!canPilot || !this.wantsPilot) return { kind: 'hold' };
    const pilot = this.#firstRequests?.begin(this);
    return pilot ? { kind: 'admit', pilot } : { kind: 'deny', error: this.#leftError() };
  }

  /** Gets the gate going, if it is neither on its way nor there: a flight, or the next pilot in line. */
  start(): void {
    if (this.state !== 'idle' && !this.#mayRetry) return;
    if (this.#flights) this.#flights.takeOff();
    else this.#nextPilot();
  }

  /** Calls `build` with the value of each flight before it counts, and at once when the gate is open already. */
  onValue(build: (value: unknown) => void): void {
    if (this.ready) build(this.value);
    this.#builders.push(build);
  }

  error(code: GateErrorCode, text: string): GateError {
    return new GateError(code, `Gate "${this.name}" ${text}.`);
  }

  // ---- how it comes to be open ----

  #expectFlights(settings: FlightSettings<T>): Flights<T> {
    return new Flights(settings, this.clock, this.verdicts, {
      onTakeOff: () => this.#enter({ state: 'booting' }),
      onValue: (value) => this.#builders.forEach((build) => build(value)),
      onSuccess: (value) => this.#open(value),
      onFailure: (failure) => this.#fail(failure),
    });
  }

  #expectFirstRequests(settings: PilotSettings): FirstRequests {
    return new FirstRequests(settings, this.clock, {
      onPilot: () => this.#enter({ state: 'booting' }),
      onNone: () => {
        this.#enter({ state: 'idle' });
        this.start();
      },
      onEnough: () => this.#open(undefined as T),
    });
  }

  #nextPilot(): void {
    const waiter = this.line.takePilot();
    if (!waiter) return;
    const pilot = this.#firstRequests?.begin(this);
    settle(() => (pilot ? waiter.admit(pilot) : waiter.deny(this.#leftError())));
  }

  /** Whether a failed gate may start its next flight: after the cooldown, and when nothing of the last one runs. */
  get #mayRetry(): boolean {
    return 'failure' in this.#phase && this.cooldownLeftMs === 0 && this.#flights?.areOver === true;
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

  #open(value: T): void {
    this.hasOpened = true;
    this.#enter({ state: 'ready', value });
    this.line.release(() => this.ready);
  }

  /** @returns whether one of those who waited was told the cause */
  #fail(failure: Failure): boolean {
    let told = false;
    const denyAll = (): void =>
      this.line.denyAll((waiter) => {
        told ||= waiter.hearsCause;
        return failure.error();
      });
    this.#enter({ state: 'failed', failure }, denyAll);
    return told;
  }

  /** Enters a phase that denies all who wait. */
  #leave(phase: Phase<T>): void {
    this.#firstRequests?.restart();
    this.#enter(phase, () => this.line.denyAll(() => this.#leftError()));
  }

  #reset(): Promise<void> {
    const phase = this.#phase;
    if (phase.state === 'closed') return phase.closing;
    if ('resetting' in phase) return phase.resetting;
    if (!this.#flights || phase.state === 'idle') {
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

  /** Denies all, and ends the flights; `then` follows unless something else came. */
  #windDown(phaseUntil: (done: Promise<void>) => Phase<T>, then = (): void => {}): Promise<void> {
    let finish!: () => void;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const phase = phaseUntil(done);
    this.#leave(phase);
    const isDone = unlessFinished(() => this.#unfinishedText());
    void Promise.resolve(this.#flights?.end(this.#leftError())).then(() => {
      isDone();
      if (this.#phase === phase) then();
      finish();
    });
    return done;
  }

  #unfinishedText(): string {
    const end = this.state === 'closed' ? 'closed' : 'reset';
    return `The process ends before gate "${this.name}" is ${end}. ${this.#flights?.unfinished}`;
  }

  /** What they are told whom a reset or the close leaves behind. */
  #leftError(): GateError {
    if (this.state === 'closed') return this.error('ERR_GATE_CLOSED', 'is closed');
    return this.error('ERR_GATE_NOT_READY', 'was reset');
  }
}
