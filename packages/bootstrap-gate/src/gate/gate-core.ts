/**
 * Floor `gate`: states, the wait queue, callers, doors' places, the frozen façade. Not here: how a bootstrap runs (`startup`, known
 * by its interface alone) and what a request looks like (`http`).
 *
 * The inside of a gate: its state, and what may pass in which state. Callers, doors and what opens the gate see this;
 * applications see the frozen `Gate` in front of it.
 */
import type { ProvableResource, Scope } from '@bootstrap-gate/deadlock/adapter';
import { ChangeFeed } from './change-feed.js';
import { gateResource } from './gate-resource.js';
import type { Phase } from './phase.js';
import type { Failure, Pilot, Startup } from './startup.js';
import { WaitQueue } from './wait-queue.js';
import type { Clock } from '../kit/clock.js';
import { GateError, type GateErrorCode } from '../kit/errors.js';
import type { GateReport, Timing } from '../kit/report-types.js';
import type { Gate, GateState } from '../kit/types.js';
import { type GateSettings, Verdicts } from '../observe/verdicts.js';

/** Whether a caller or request may pass, as data. With a `pilot` it passes alone, in first-request mode. */
export type Passage =
  | { readonly kind: 'admit'; readonly pilot?: Pilot }
  | { readonly kind: 'hold' }
  | { readonly kind: 'deny'; readonly error: GateError };

export class GateCore<T = unknown> {
  /** Whether requests pass. A data property, because doors read it for every request. */
  ready = false;
  /** Only `become` sets it. */
  phase: Phase<T> = { state: 'idle' };
  readonly #changes: ChangeFeed;
  readonly #builders: ((value: unknown) => void)[] = [];

  /** What opens it. */
  readonly startup: Startup;
  readonly name: string;
  readonly clock: Clock;
  readonly queue: WaitQueue;
  readonly verdicts: Verdicts;
  readonly counts = { admitted: 0, denied: 0, held: 0 };
  /** What waits for this gate is recorded as waiting for this. */
  readonly resource: ProvableResource;
  /** Whether it has ever been open. */
  hasOpened = false;
  /** The gate that applications see. It lives as long as this does. */
  gate!: Gate<T>;

  constructor(settings: GateSettings, clock: Clock, startupFor: (core: GateCore<T>) => Startup) {
    const { name } = settings;
    this.name = name;
    this.clock = clock;
    this.queue = new WaitQueue(clock);
    this.#changes = new ChangeFeed(name);
    this.verdicts = new Verdicts(settings, () => this.flightNumber);
    this.resource = gateResource(name, this.verdicts, {
      queue: this.queue,
      worker: () => this.startup.flight?.owner,
      fail: (error) => this.startup.fail(error),
    });
    this.startup = startupFor(this);
  }

  get state(): GateState {
    return this.phase.state;
  }

  get value(): T {
    const phase = this.phase;
    if (phase.state === 'ready' || phase.state === 'draining') return phase.value;
    if (phase.state === 'closed') throw this.error('ERR_GATE_CLOSED', 'is closed; its value is gone');
    throw this.error('ERR_GATE_NOT_READY', `is ${phase.state}; it has no value`);
  }

  get hasBootstrap(): boolean {
    return this.startup.hasBootstrap;
  }

  /** Whether a newcomer would pass alone, in first-request mode: no pilot is under way, and none is waiting. */
  get wantsPilot(): boolean {
    return !this.hasBootstrap && this.state === 'idle' && !this.queue.hasPilot;
  }

  /** What a caller that is admitted now gets. In first-request mode pilots are admitted before the gate has a value. */
  get admittedValue(): T {
    return this.hasBootstrap ? this.value : (undefined as T);
  }

  /** How long the running flight should take, and what is left of it; undefined where nothing is known. */
  get timing(): Timing | undefined {
    return this.state === 'booting' ? this.startup.timing : undefined;
  }

  /** The running or last flight, as channel messages number it. */
  get flightNumber(): number | null {
    return this.startup.flight?.number ?? null;
  }

  /** How long the next flight will not start yet. */
  get cooldownLeftMs(): number {
    return 'failure' in this.phase ? Math.max(0, this.phase.failure.retryAt - this.clock.now()) : 0;
  }

  report(): GateReport {
    const { name: gate, state, counts, verdicts } = this;
    return { gate, state, ...this.startup.report(state === 'booting'), ...counts, verdicts: verdicts.list() };
  }

  onChange(listener: (state: GateState, previous: GateState) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  error(code: GateErrorCode, text: string): GateError {
    return new GateError(code, `Gate "${this.name}" ${text}.`);
  }

  // ---- for callers and doors ----

  /** Whether a newcomer may pass; a pilot has begun by then. What a pilot calls, seen by its `scope`, passes with it. */
  passage(canPilot: boolean, scope: Scope | undefined): Passage {
    const phase = this.phase;
    if (this.ready || this.startup.pilotOf(scope)) return { kind: 'admit' };
    if (phase.state === 'closed') return { kind: 'deny', error: this.leftError() };
    if ('failure' in phase && !this.#mayRetry) return { kind: 'deny', error: phase.failure.error() };
    if (!canPilot || !this.wantsPilot) return { kind: 'hold' };
    const pilot = this.startup.newPilot();
    return pilot ? { kind: 'admit', pilot } : { kind: 'deny', error: this.leftError() };
  }

  /** Gets the gate going, if it is neither on its way nor there: a flight, or the next pilot in the queue. */
  start(): void {
    if (this.state === 'idle' || this.#mayRetry) this.startup.start();
  }

  /** Calls `build` with the value of each flight before it counts, and at once when the gate is open already. */
  onValue(build: (value: unknown) => void): void {
    if (this.ready) build(this.value);
    this.#builders.push(build);
  }

  /** What those get whom a reset or the close leaves behind. */
  leftError(): GateError {
    if (this.state === 'closed') return this.error('ERR_GATE_CLOSED', 'is closed');
    return this.error('ERR_GATE_NOT_READY', 'was reset');
  }

  // ---- for what opens it ----

  booting(): void {
    this.become({ state: 'booting' });
  }

  /** Hands the bootstrap's value to those who make something of it, before it counts. @throws what one of them throws */
  build(value: T): void {
    for (const build of this.#builders) build(value);
  }

  open(value: T): void {
    this.hasOpened = true;
    this.become({ state: 'ready', value });
    this.queue.release(() => this.ready);
  }

  /** @returns whether a caller was waiting, and so gets the cause */
  fail(failure: Failure): boolean {
    const hears = [...this.queue].some(({ hearsCause }) => hearsCause);
    this.become({ state: 'failed', failure }, () => void this.queue.denyAll(() => failure.error()));
    return hears;
  }

  /** Between two pilots. */
  idle(): void {
    this.become({ state: 'idle' });
    this.start();
  }

  // ---- for its end ----

  drain(): void {
    if (this.phase.state === 'ready') this.become({ ...this.phase, state: 'draining' });
  }

  /** Enters a phase that denies all who wait; resolves when the last of them is denied. */
  leave(phase: Phase<T>): Promise<void> {
    this.startup.disregard();
    let denied = Promise.resolve();
    this.become(phase, () => {
      denied = this.queue.denyAll(() => this.leftError());
    });
    return denied;
  }

  /** Whether a failed gate may start its next flight: after the cooldown, and when nothing of the last one runs. */
  get #mayRetry(): boolean {
    return 'failure' in this.phase && this.cooldownLeftMs === 0 && this.startup.isOver;
  }

  /** The one place where the state changes. `settleWaiters` comes before any listener can add to the queue. */
  become(phase: Phase<T>, settleWaiters = (): void => {}): void {
    const previous = this.phase.state;
    this.phase = phase;
    this.ready = phase.state === 'ready' || phase.state === 'draining';
    if (phase.state !== previous) this.#changes.note(phase.state, previous);
    settleWaiters();
    this.#changes.notify();
  }
}
