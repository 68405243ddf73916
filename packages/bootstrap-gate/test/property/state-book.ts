/** The book of states: which changes are told, when the gate was open and with what, and what ended that. */
import type { GateState } from '../../src/index.js';
import { currentScope, ownerOf } from '@bootstrap-gate/deadlock/adapter';
import type { Arrival } from './arrivals.js';
import type { Value } from './run-book.js';
import type { World } from './world.js';

const legal: Record<'flight' | 'pilots', Record<GateState, readonly GateState[]>> = {
  flight: {
    idle: ['booting', 'failed', 'closed'],
    booting: ['ready', 'failed', 'closed'],
    ready: ['draining', 'failed', 'closed'],
    draining: ['failed', 'closed'],
    failed: ['booting', 'idle', 'closed'],
    closed: [],
  },
  pilots: {
    idle: ['booting', 'closed'],
    booting: ['ready', 'idle', 'closed'],
    ready: ['draining', 'idle', 'closed'],
    draining: ['idle', 'closed'],
    failed: [],
    closed: [],
  },
};

/** When the gate was open, and with what. */
interface Opening {
  readonly value: Value | undefined;
  until: number;
}

/** A call of reset or close. */
interface End {
  readonly label: string;
  readonly event: number;
  isOver: boolean;
  /** Its promise was refused, because the bootstrap itself asked; the work goes on. */
  isRefused: boolean;
}

export class StateBook {
  isClosed = false;
  /** The last reset that denied somebody: one during another is one with it. */
  lastReset = 0;
  lastTold: GateState;
  #lastToldBehind: GateState;
  readonly #world: World;
  readonly #mode: 'flight' | 'pilots';
  readonly #openings: Opening[] = [];
  readonly #ends: End[] = [];
  #lastCall = 0;

  constructor(world: World, mode: 'flight' | 'pilots') {
    this.#world = world;
    this.#mode = mode;
    this.lastTold = this.#lastToldBehind = world.gate.state;
  }

  get isEnding(): boolean {
    return this.#ends.some(({ isOver }) => !isOver);
  }

  told(state: GateState, previous: GateState): void {
    const { journal, gate, pilots, runs } = this.#world;
    const event = journal.note(`state ${previous} -> ${state}`);
    journal.must(previous === this.lastTold, `onChange: a gap between ${this.lastTold} and ${previous}`);
    journal.must(legal[this.#mode][previous].includes(state), `illegal change from ${previous} to ${state}`);
    this.lastTold = state;
    for (const end of this.#ends) if (end.isRefused) end.isOver ||= state !== 'failed';
    if (this.#mode === 'pilots') pilots.told(state, gate.state);
    const isUndone = previous !== 'failed' || state !== 'booting' || runs.isUndone(event);
    journal.must(isUndone, 'A5: the gate leaves `failed` before the last flight is undone');
    if (state === 'ready') this.#opened(event, gate.state === 'ready' ? gate.value : undefined);
  }

  /** To a listener behind one that changes the state itself. */
  toldBehind(state: GateState, previous: GateState): void {
    const { journal } = this.#world;
    journal.must(previous === this.#lastToldBehind, `onChange: a gap between ${this.#lastToldBehind} and ${previous}`);
    this.#lastToldBehind = state;
  }

  end(how: 'reset' | 'close'): void {
    const { journal, gate, pilots, runs, arrivals } = this.#world;
    const event = journal.note(`${how} is called, gate ${gate.state}`);
    const end = { label: `${how} of event ${event}`, event, isOver: false, isRefused: false };
    const running = this.#ends.find(({ isOver }) => !isOver);
    const isOwner = ownerOf(currentScope())?.settled === false;
    this.#ends.push(end);
    this.#lastCall = event;
    const opening = this.#openings.at(-1);
    if (opening?.until === Infinity) opening.until = event;
    pilots.wasReset();
    if (how === 'close') this.isClosed = true;
    else if (!running || gate.state !== 'failed') this.lastReset = event;
    gate[how]().then(
      () => {
        end.isOver = true;
        journal.note(`${end.label} is over, gate ${gate.state}`);
        journal.must(runs.isUndone(event), `A12: ${end.label} resolves when all is undone`);
        const isLast = this.#lastCall === event && !this.isClosed && arrivals.last < (running ?? end).event;
        if (isLast) journal.must(gate.state === 'idle', `A12: after ${end.label} the gate is ${gate.state}`);
        if (this.isClosed) journal.must(gate.state === 'closed', `A12: after close the gate is ${gate.state}`);
      },
      (error: unknown) => {
        end.isRefused = true;
        end.isOver = gate.state !== 'failed';
        journal.must(isOwner, `D1: ${end.label} is refused outside the bootstrap: ${String(error)}`);
      },
    );
  }

  /** One who was admitted must have seen the gate open since it came, with this value. What a pilot calls passes too. */
  openingMust({ label, event, isInPilot }: Arrival, value: Value | undefined): void {
    const seen = this.#openings.some((one) => one.until >= event && (value === undefined || one.value === value));
    const text = value ? `gets the value of run ${value.run}, which is stale` : 'passes although the gate was not open';
    this.#world.journal.must(seen || isInPilot, `A4: ${label} ${text}`);
  }

  verify(): void {
    for (const { label, isOver } of this.#ends) this.#world.journal.must(isOver, `A12: ${label} never ends`);
  }

  #opened(event: number, value: Value | undefined): void {
    const { journal, gate, runs } = this.#world;
    this.#openings.push({ value, until: gate.ready ? Infinity : event });
    if (this.#mode === 'pilots') return;
    const newest = runs.runs.at(-1);
    journal.must(value !== undefined && value === newest?.value, 'A4: the gate opens with the newest run');
    journal.must(this.lastReset < (newest?.began ?? 0), 'A4: the gate opens with a run that was reset');
  }
}
