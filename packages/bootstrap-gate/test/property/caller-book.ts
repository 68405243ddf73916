/** The book of callers: of `ensureReady` and of wrapped functions. */
import { getEventListeners } from 'node:events';
import { currentScope } from '@bootstrap-gate/deadlock/adapter';
import { pilotOf } from '../../src/startup/first-request/pilot.js';
import type { Action } from './actions.js';
import type { Arrival } from './arrivals.js';
import type { World } from './world.js';

export class CallerBook {
  readonly #world: World;
  readonly #callers: Arrival[] = [];
  readonly #signals = [new AbortController(), new AbortController()];
  readonly #lastAdmitted = { ensure: 0, wrap: 0 };

  constructor(world: World) {
    this.#world = world;
  }

  get unsettled(): Arrival[] {
    return this.#callers.filter(({ outcome }) => outcome === undefined);
  }

  /** Those who should have given up. */
  get overdue(): Arrival[] {
    const now = this.#world.clock.now();
    return this.unsettled.filter(
      ({ at, timeoutMs, signal, runs }) => !runs && (now - at >= (timeoutMs ?? Infinity) || signal?.aborted),
    );
  }

  ensure({ timeoutMs, signal: number }: Omit<Action & { type: 'ensure' }, 'type'>): void {
    const { gate, arrivals, states } = this.#world;
    const signal = number === undefined ? undefined : this.#signals[number]!.signal;
    const caller = this.#arrive('ensure', timeoutMs, signal);
    const waits = !gate.ready && !caller.isInPilot;
    const promise = timeoutMs || signal ? gate.ensureReady({ timeoutMs, signal }) : gate.ensureReady();
    arrivals.end(caller);
    promise.then(
      (value) => {
        states.openingMust(caller, value);
        if (waits) this.#inOrder('ensure', caller);
        arrivals.settle(caller, 'admitted');
      },
      (error: unknown) => arrivals.deny(caller, error),
    );
  }

  wrap({ timeoutMs }: Omit<Action & { type: 'wrap' }, 'type'>): void {
    const world = this.#world;
    const { core, gate, journal, arrivals, states, pilots } = world;
    const caller = this.#arrive('wrap', timeoutMs, undefined);
    const waits = !gate.ready && !caller.isInPilot;
    let calls = 0;
    const call = gate.wrap(
      async () => {
        caller.runs = true;
        journal.must(++calls === 1, `A11: ${caller.label} is called once`);
        const pilot = pilotOf(core, currentScope());
        const isPilot = pilot !== undefined && !pilots.isKnown(pilot);
        journal.note(`${caller.label} is called${isPilot ? ' as pilot' : ''}`);
        if (waits) this.#inOrder('wrap', caller);
        if (!isPilot) return;
        pilots.began(pilot, true);
        world.fire('pilot');
        if ((await world.pilotEnding(caller.label)) === 'failed') throw world.failure(`${caller.label} fails`);
        pilots.fulfils(pilot);
      },
      { timeoutMs },
    );
    const result = call();
    arrivals.end(caller);
    result.then(
      () => {
        journal.must(calls === 1, `A11: ${caller.label} was called`);
        // In first-request mode it may have been a pilot whom a reset has made a call like any other.
        if (core.hasBootstrap) states.openingMust(caller, undefined);
        arrivals.settle(caller, 'admitted');
      },
      (error: unknown) => (calls === 0 ? arrivals.deny(caller, error) : arrivals.settle(caller, 'failed as a pilot')),
    );
  }

  abort({ signal }: Action & { type: 'abort' }): void {
    this.#signals[signal]!.abort(new Error(`signal ${signal} fires`));
  }

  /** At the end: everybody was settled, and left nothing behind. */
  verify(): void {
    const { journal } = this.#world;
    for (const { label } of this.unsettled) journal.must(false, `A11: ${label} is left hanging`);
    for (const { signal } of this.#signals) {
      journal.must(getEventListeners(signal, 'abort').length === 0, "A7: no listener is left on a caller's signal");
    }
  }

  #arrive(kind: string, timeoutMs: number | undefined, signal: AbortSignal | undefined): Arrival {
    const caller = this.#world.arrivals.begin(`caller ${this.#callers.length} (${kind})`, timeoutMs, signal);
    this.#callers.push(caller);
    return caller;
  }

  #inOrder(kind: 'ensure' | 'wrap', caller: Arrival): void {
    this.#world.journal.must(caller.place > this.#lastAdmitted[kind], `H4: ${caller.label} was overtaken`);
    this.#lastAdmitted[kind] = Math.max(this.#lastAdmitted[kind], caller.event);
  }
}
