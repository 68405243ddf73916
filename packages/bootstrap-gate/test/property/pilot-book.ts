/** The book of pilots in first-request mode: how many count, and how many have succeeded. */
import type { GateState } from '../../src/index.js';
import type { Pilot } from '../../src/gate/startup.js';
import type { ManualClock } from '../manual-clock.js';
import type { Journal } from './journal.js';

export interface PilotLimits {
  readonly firstRequests: number;
  readonly pilotTimeoutMs: number;
}

export class PilotBook {
  readonly #journal: Journal;
  readonly #clock: ManualClock;
  readonly #limits: PilotLimits;
  readonly #deadlines = new Map<Pilot, number>();
  #successes = 0;
  #bootingSince = 0;
  /** The function of a pilot has fulfilled, and the gate is about to hear of it. */
  #fulfilled: Pilot | undefined;

  constructor(journal: Journal, clock: ManualClock, limits: PilotLimits) {
    this.#journal = journal;
    this.#clock = clock;
    this.#limits = limits;
  }

  isKnown(pilot: Pilot): boolean {
    return this.#deadlines.has(pilot);
  }

  /** @param late for a function, which is called a few promise reactions after its pilot began */
  began(pilot: Pilot, late: boolean): void {
    const since = late ? this.#bootingSince : this.#clock.now();
    this.#deadlines.set(pilot, since + this.#limits.pilotTimeoutMs);
    this.checkOneCounts();
  }

  /** The pilot's end is told to the gate now. */
  succeeds(pilot: Pilot): void {
    if (pilot.counts) this.#successes++;
  }

  /** The pilot's end will be told to the gate in a few promise reactions, unless something else ends it before. */
  fulfils(pilot: Pilot): void {
    if (pilot.counts) this.#fulfilled = pilot;
  }

  wasReset(): void {
    this.#successes = 0;
    this.#fulfilled = undefined;
  }

  /** A change of state, told in the state `now`: they differ where a listener has brought about the next change. */
  told(state: GateState, now: GateState): void {
    if (state === 'booting') this.#bootingSince = this.#clock.now();
    if (this.#fulfilled) {
      if (this.#clock.now() < this.#deadlines.get(this.#fulfilled)!) this.#successes++;
      this.#fulfilled = undefined;
    }
    if (state !== now) return;
    const { firstRequests } = this.#limits;
    const text = `${this.#successes} of ${firstRequests} pilots have succeeded, the gate is ${state}`;
    if (state === 'ready') this.#journal.must(this.#successes === firstRequests, `F2: ${text}`);
    if (state === 'idle') this.#journal.must(this.#successes < firstRequests, `F2: ${text}`);
  }

  /** How many the others wait for. */
  get counting(): number {
    return [...this.#deadlines.keys()].filter((pilot) => pilot.counts).length;
  }

  checkOneCounts(): void {
    this.#journal.must(this.counting <= 1, `F1: ${this.counting} pilots count at the same time`);
  }
}
