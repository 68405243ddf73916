/** The book of guests at two doors. */
import type { GateError } from '../../src/index.js';
import { runIn } from '@bootstrap-gate/deadlock/adapter';
import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import type { Pilot } from '../../src/gate/startup.js';
import { limits, type RequestEvents, TestRequest } from '../gate/test-request.js';
import type { Action } from './actions.js';
import type { Arrival } from './arrivals.js';
import type { World } from './world.js';

interface GuestRecord extends Arrival {
  readonly guest: TestRequest;
  readonly door: number;
  readonly connection: number;
  state: 'arrived' | 'held' | 'left';
}

const doorSettings = [
  { waitTimeoutMs: 100, maxWaiting: 8 },
  { waitTimeoutMs: 50, maxWaiting: 2 },
];
/** No guest or caller with a time limit may wait longer than this. */
export const longestHoldMs = 100;

export class GuestBook {
  readonly #world: World;
  readonly #guests: GuestRecord[] = [];
  readonly #doors: Door[];
  readonly #connections = new Map<number, object>();

  constructor(world: World) {
    this.#world = world;
    this.#doors = doorSettings.map((settings) => new Door(coreOf('the test', world.gate), limits(settings)));
  }

  get held(): GuestRecord[] {
    return this.#guests.filter(({ state }) => state === 'held');
  }

  /** Those who are held too long. */
  get overdue(): GuestRecord[] {
    const now = this.#world.clock.now();
    return this.held.filter(({ at, door }) => now - at > doorSettings[door]!.waitTimeoutMs + 1);
  }

  enter({ door, connection, canPilot }: Omit<Action & { type: 'enter' }, 'type'>): GuestRecord {
    const { arrivals } = this.#world;
    const arrival = arrivals.begin(`guest ${this.#guests.length} at door ${door}`);
    const place = this.#connections.get(connection) ?? {};
    this.#connections.set(connection, place);
    const events: RequestEvents = {
      held: () => this.#held(record),
      left: () => this.#left(record),
      admitted: (pilot) => this.#admitted(record, pilot),
      denied: (error) => this.#denied(record, error),
      gone: () => this.#gone(record),
    };
    const guest = new TestRequest(this.#doors[door]!, canPilot, events, place);
    const record: GuestRecord = Object.assign(arrival, { guest, door, connection, state: 'arrived' as const });
    this.#guests.push(record);
    runIn(undefined, () => this.#doors[door]!.enter(guest)); // it comes from outside, also where a pilot brings it about
    arrivals.end(record);
    return record;
  }

  leave({ guest, quietly }: Omit<Action & { type: 'leave' }, 'type'>): void {
    const { held } = this;
    const some = guest < 4 && held.length > 0 ? held : this.#guests; // rather one who waits
    some[guest % some.length]?.guest.goAway(quietly);
  }

  allTellThatTheyAreGone(): void {
    for (const { guest } of this.#guests) if (guest.isGone) guest.goAway();
  }

  /** Fills both doors; every place must be there. Nobody may wait before. */
  fillDoors(): void {
    const { journal } = this.#world;
    for (const [door, { maxWaiting }] of doorSettings.entries()) {
      for (let place = 0; place <= maxWaiting; place++) {
        const record = this.enter({ door, connection: 100 + place, canPilot: false });
        journal.must((record.state === 'held') === place < maxWaiting, `H2: place ${place} of door ${door} was leaked`);
      }
    }
  }

  /** At the end: everybody was settled, and left nothing behind. */
  verify(): void {
    for (const { label, outcome, state } of this.#guests) {
      this.#world.journal.must(outcome !== undefined && state !== 'held', `A11: ${label} is left hanging`);
    }
  }

  #crowd(record: GuestRecord): { readonly isFull: boolean } {
    const { maxWaiting } = doorSettings[record.door]!;
    const others = this.held.filter(({ door }) => door === record.door);
    const sameConnection = others.filter(({ connection }) => connection === record.connection).length;
    return { isFull: others.length >= maxWaiting || sameConnection >= Math.max(1, Math.floor(maxWaiting / 4)) };
  }

  #held(record: GuestRecord): void {
    const { journal } = this.#world;
    record.place = journal.note(`${record.label} is held`);
    journal.must(record.state === 'arrived' && !record.outcome, `A11: ${record.label} is held once, and first`);
    journal.must(!this.#crowd(record).isFull, `H2: ${record.label} is held beyond the limit`);
    record.state = 'held';
    this.#world.fire('held');
  }

  #left(record: GuestRecord): void {
    this.#world.journal.must(record.state === 'held', `A7: ${record.label} leaves once, and only when it was held`);
    record.state = 'left';
  }

  #admitted(record: GuestRecord, pilot: Pilot | undefined): void {
    const { journal, gate, pilots, arrivals } = this.#world;
    const how = pilot ? 'admitted as pilot' : 'admitted';
    journal.must(!record.guest.isGone, `H3: ${record.label} is admitted although it is gone`);
    journal.must(record.state !== 'held', `A11: ${record.label} leaves before it is admitted`);
    journal.must(gate.state !== 'closed' && !record.afterClose, `A12: ${record.label} is admitted after close`);
    journal.must(gate.ready || pilot !== undefined, `A2: ${record.label} is admitted while the gate is ${gate.state}`);
    const isOvertaking = (other: GuestRecord): boolean =>
      other.place < record.event && (!pilot || other.guest.canPilot) && !this.#isDenied(other);
    const waited = record.state === 'left' || pilot;
    const overtaken = waited ? this.held.filter(isOvertaking).map(({ label }) => label) : [];
    journal.must(overtaken.length === 0, `H4, F2: ${record.label} overtakes ${overtaken.join(', ')}`);
    if (pilot) pilots.began(pilot, false);
    arrivals.settle(record, how);
    this.#world.fire('admitted');
    if (pilot) this.#fly(record, pilot);
  }

  /** Whether a denial is decided for one that is still held: they go out one after another, in slices. */
  #isDenied({ event, at, door }: GuestRecord): boolean {
    const { states, clock } = this.#world;
    return event < states.lastReset || clock.now() - at >= doorSettings[door]!.waitTimeoutMs;
  }

  #fly(record: GuestRecord, pilot: Pilot): void {
    const { pilots } = this.#world;
    const end = (ending: 'succeeded' | 'failed'): void => {
      this.#world.journal.note(`${record.label} ${ending}`);
      if (ending === 'succeeded') pilots.succeeds(pilot);
      pilot.end(ending);
    };
    pilot.run(() => this.#world.fire('pilot'));
    const ending = this.#world.pilotEnding(record.label);
    if (typeof ending === 'string') end(ending);
    else void ending.then(end);
  }

  #denied(record: GuestRecord, error: GateError): void {
    const { journal, clock, arrivals } = this.#world;
    const { code } = error;
    const settings = doorSettings[record.door]!;
    journal.must(record.state !== 'held', `A11: ${record.label} leaves before it is denied`);
    if (code === 'ERR_GATE_QUEUE_FULL') {
      journal.must(this.#crowd(record).isFull, `H2: ${record.label} is denied although there is room`);
      arrivals.settle(record, `denied (${code})`);
    } else if (code === 'ERR_GATE_WAIT_TIMEOUT') {
      const waitedMs = clock.now() - record.at;
      // A door counts in whole milliseconds; the end of a pilot falls between them.
      const isRight = Math.abs(waitedMs - settings.waitTimeoutMs) < 1;
      journal.must(isRight, `H1: ${record.label} is held ${waitedMs} ms`);
      arrivals.settle(record, `denied (${code})`);
    } else arrivals.deny(record, error);
    this.#world.fire('denied');
  }

  #gone(record: GuestRecord): void {
    const { journal, arrivals } = this.#world;
    journal.must(record.guest.isGone, `H3: ${record.label} is forgotten although it is there`);
    arrivals.settle(record, 'gone');
    this.#world.fire('gone');
  }
}
