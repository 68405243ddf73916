/** One gate with everything that happens to it, and what must hold at every moment. */
import type fc from 'fast-check';
import type { GateOptions } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import type { GateCore } from '../../src/gate/gate-core.js';
import { coreOf } from '../../src/gate/registry.js';
import { ManualClock, settled } from '../manual-clock.js';
import type { Action, Batch, Hook, HookPlace } from './actions.js';
import { Arrivals } from './arrivals.js';
import { CallerBook } from './caller-book.js';
import { GuestBook, longestHoldMs } from './guest-book.js';
import { Journal } from './journal.js';
import { PilotBook } from './pilot-book.js';
import type { PilotEnding, Plot } from './plot.js';
import { RunBook, type Value } from './run-book.js';
import { StateBook } from './state-book.js';

export type TestGate = ReturnType<typeof createGateWith<Value | undefined>>;

/** Breaks the gate on purpose, to see that it is noticed. */
export interface Sabotage {
  options?(options: GateOptions<Value | undefined>): GateOptions<Value | undefined>;
  gate?(core: GateCore): void;
}

/** No sum of these is a sum of the other times, so that nothing else ever happens at the same moment. */
const pilotTimeoutMs = 60.01;

export class World {
  readonly journal = new Journal();
  readonly clock = new ManualClock();
  readonly gate: TestGate;
  readonly core: GateCore;
  readonly runs: RunBook;
  readonly pilots: PilotBook;
  readonly states: StateBook;
  readonly arrivals: Arrivals;
  readonly callers: CallerBook;
  readonly guests: GuestBook;
  isProbing = false;
  readonly #plot: Plot;
  readonly #scheduler: fc.Scheduler;
  readonly #hooks: Hook[];
  readonly #endings: PilotEnding[];
  readonly #nevers: (() => void)[] = [];
  readonly #failures = new Set<unknown>();
  #advancing: Promise<void> | undefined;
  #ending = 0;

  constructor(plot: Plot, scheduler: fc.Scheduler, sabotage: Sabotage = {}) {
    const { flight, pilots } = plot;
    this.#plot = plot;
    this.#scheduler = scheduler;
    this.#hooks = flight?.eager ? [] : [...plot.hooks];
    this.#endings = [...(pilots?.endings ?? [])];
    const firstRequests = pilots?.firstRequests ?? 1;
    this.pilots = new PilotBook(this.journal, this.clock, { firstRequests, pilotTimeoutMs });
    this.runs = new RunBook(this, flight?.scripts ?? []);
    const options: GateOptions<Value | undefined> = flight
      ? {
          bootstrap: this.runs.bootstrap,
          eager: flight.eager,
          retry: { attempts: flight.attempts, delayMs: 8 },
          cooldownMs: flight.cooldownMs,
          bootTimeoutMs: flight.bootTimeoutMs,
        }
      : { firstRequests, pilotTimeoutMs };
    this.gate = createGateWith(sabotage.options?.(options) ?? options, this.clock);
    if (flight?.eager) this.#hooks.push(...plot.hooks);
    this.core = coreOf('the test', this.gate);
    sabotage.gate?.(this.core);
    this.states = new StateBook(this, flight ? 'flight' : 'pilots');
    this.arrivals = new Arrivals(this);
    this.callers = new CallerBook(this);
    this.guests = new GuestBook(this);
    this.gate.onChange((state, previous) => {
      this.states.told(state, previous);
      this.fire(`change:${state}`);
    });
    this.gate.onChange((state, previous) => this.states.toldBehind(state, previous));
  }

  /** Plays the plot to its end. @throws when a rule was broken */
  async play(): Promise<void> {
    const { actors, pace } = this.#plot;
    for (const [actor, batches] of actors.entries()) {
      this.#scheduler.scheduleSequence(
        batches.map((batch, at) => ({ label: `actor ${actor}.${at}`, builder: () => this.#doAll(batch) })),
      );
    }
    await this.#idle(pace);
    await this.#finish();
    this.journal.verify();
  }

  /** Something that takes a while; the scheduler decides when it is over. */
  point(label: string, signal: AbortSignal | undefined): Promise<void> {
    return heeding(signal, this.#scheduler.schedule(Promise.resolve(), label));
  }

  /** Something that takes for ever, as far as the gate can see. */
  never(_label: string, signal: AbortSignal | undefined): Promise<void> {
    return heeding(signal, new Promise((resolve) => this.#nevers.push(resolve)));
  }

  pilotEnding(label: string): 'succeeded' | 'failed' | Promise<'succeeded' | 'failed'> {
    const ending = this.isProbing ? 'succeeded' : this.#endings[this.#ending++ % this.#endings.length];
    if (ending === 'succeeded at once') return 'succeeded';
    if (ending === 'failed at once') return 'failed';
    if (ending === 'never') return this.never(label, undefined).then(() => 'succeeded');
    return this.point(`pilot ${label}`, undefined).then(() => ending ?? 'succeeded');
  }

  failure(message: string): Error {
    this.journal.note(message);
    const error = new Error(message);
    this.#failures.add(error);
    return error;
  }

  isFailure(cause: unknown): boolean {
    return this.#failures.has(cause) || String((cause as Error | undefined)?.message).includes('did not finish within');
  }

  get canTimeOut(): boolean {
    return Number.isFinite(this.#plot.flight?.bootTimeoutMs);
  }

  /** A callback of the application, which may do something itself. */
  fire(place: HookPlace): void {
    const at = this.#hooks.findIndex(({ on }) => on === place);
    if (at < 0) return;
    const [hook] = this.#hooks.splice(at, 1);
    this.journal.note(`in the callback "${place}":`);
    for (const action of hook!.actions) this.#do(action);
  }

  #doAll(batch: Batch): Promise<void> {
    for (const action of batch) {
      this.#do(action);
      this.check();
    }
    return Promise.resolve(this.#advancing).then(() => void (this.#advancing = undefined));
  }

  #do(action: Action): void {
    const { callers, guests, journal } = this;
    if (/^(leave|abort|drain|advance|turn)$/.test(action.type)) journal.note(JSON.stringify(action));
    if (action.type === 'ensure') callers.ensure(action);
    else if (action.type === 'wrap') callers.wrap(action);
    else if (action.type === 'enter') guests.enter(action);
    else if (action.type === 'leave') guests.leave(action);
    else if (action.type === 'abort') callers.abort(action);
    else if (action.type === 'reset' || action.type === 'close') this.states.end(action.type);
    else if (action.type === 'drain') this.gate.drain();
    else if (action.type === 'turn') this.clock.turn();
    else if (action.type === 'advance') this.#advancing ??= this.clock.advance(action.ms);
  }

  /** What holds outside every callback. */
  check(): void {
    const { gate, journal, states, guests, callers } = this;
    const held = guests.held;
    const calling = gate.waiting - held.length;
    journal.must(states.lastTold === gate.state, `onChange: told ${states.lastTold}, is ${gate.state}`);
    journal.must(gate.report().held === held.length, `P1: ${gate.report().held} are held, not ${held.length}`);
    journal.must(calling >= 0 && calling <= callers.unsettled.length, `A11: ${calling} callers wait`);
    journal.must(gate.state !== 'closed' || gate.waiting === 0, `A12: ${gate.waiting} wait at a closed gate`);
    const idlers = this.#plot.flight ? gate.waiting : held.filter(({ guest }) => guest.canPilot).length;
    journal.must(gate.state !== 'idle' || idlers === 0, `A11: ${idlers} wait at an idle gate that does not start`);
    this.pilots.checkOneCounts();
    // A function is called a few promise reactions after its pilot began.
    const isLost = !this.#plot.flight && gate.state === 'booting' && this.pilots.counting === 0;
    journal.must(!isLost || callers.unsettled.length > 0, 'F2: the gate waits for a pilot that nobody is');
  }

  /** What holds when nothing moves on by itself. */
  #checkAtRest(when: string): void {
    const { gate, journal, states, guests, callers, clock } = this;
    this.check();
    const mayWait = gate.state === 'booting' || (gate.state === 'failed' && states.isEnding);
    const awaitsPilots = !this.#plot.flight && gate.state === 'idle';
    const isRight = mayWait || awaitsPilots || gate.waiting === 0;
    journal.must(isRight, `A11: ${when}, ${gate.waiting} wait, gate ${gate.state}`);
    for (const { label } of [...callers.overdue, ...guests.overdue]) {
      journal.must(false, `A7, A11: ${when}, ${label} still waits`);
    }
    const calling = gate.waiting - guests.held.length;
    const open = callers.unsettled.length;
    if (this.#plot.flight) journal.must(calling === open, `A11: ${when}, ${open} callers are open, ${calling} wait`);
    if (!mayWait && !states.isEnding && gate.waiting === 0 && this.#nevers.length === 0) {
      journal.must(clock.timers === 0, `A2, A4: ${when}, ${clock.timers} timers are left, gate ${gate.state}`);
    }
  }

  /** Lets everything run that can run. */
  async #idle(pace: readonly number[] = [Infinity]): Promise<void> {
    const scheduler = this.#scheduler;
    for (let turn = 0, seen = -1; seen !== this.journal.now || scheduler.count() > 0;) {
      seen = this.journal.now;
      while (scheduler.count() > 0) {
        await scheduler.waitOne();
        const ticks = pace[turn++ % pace.length]!;
        if (ticks === Infinity) await settled();
        else for (let tick = 0; tick < ticks; tick++) await null;
        this.check();
      }
      await settled();
      if (scheduler.count() > 0) continue;
      this.clock.turn();
      await settled();
    }
  }

  async #finish(): Promise<void> {
    const { gate, journal, states, guests } = this;
    this.#checkAtRest('while endless work is pending');
    guests.allTellThatTheyAreGone();
    await this.clock.advance(2 * longestHoldMs);
    await this.#idle();
    this.#checkAtRest('when every time limit is over');
    this.#hooks.length = 0;
    await this.#letAllEnd();
    this.#checkAtRest('at the end');
    this.isProbing = true;
    if (!this.#plot.flight) await this.#openByPilots();
    this.#verify(gate.ready ? gate.value : undefined);
    if (!states.isClosed) {
      states.end('reset');
      await this.#idle();
      journal.must(gate.state === 'idle', `A12: after the last reset the gate is ${gate.state}`);
      guests.fillDoors();
      this.check();
    }
    states.end('close');
    this.callers.ensure({ timeoutMs: undefined, signal: undefined });
    this.callers.wrap({ timeoutMs: undefined });
    guests.enter({ door: 0, connection: 0, canPilot: true });
    await this.#letAllEnd();
    this.#checkAtRest('after close');
    this.#verify(undefined);
    states.verify();
  }

  #verify(open: Value | undefined): void {
    this.runs.verify(open);
    this.callers.verify();
    this.guests.verify();
  }

  async #letAllEnd(): Promise<void> {
    await this.#idle();
    for (let round = 0; round < 20 && (this.#nevers.length > 0 || this.clock.timers > 0); round++) {
      for (const release of this.#nevers.splice(0)) release();
      await this.#idle();
      await this.clock.advance(1_000);
      await this.#idle();
    }
  }

  /** Those who are never pilots wait for those who are. */
  async #openByPilots(): Promise<void> {
    for (let turn = 0; turn < 3 && this.gate.state === 'idle'; turn++) {
      this.guests.enter({ door: 0, connection: 50 + turn, canPilot: true });
      await this.#idle();
    }
    this.journal.must(this.gate.state !== 'idle', 'F2: the gate does not open after enough successes');
  }
}

function heeding(signal: AbortSignal | undefined, work: Promise<void>): Promise<void> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const give = (): void => reject(signal.reason as Error);
    const leave = (): void => signal.removeEventListener('abort', give);
    if (signal.aborted) return give();
    signal.addEventListener('abort', give);
    void work.then(() => (leave(), resolve()));
  });
}
