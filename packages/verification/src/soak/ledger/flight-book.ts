/** Every call of a bootstrap, and every value that one of them, or a step, delivered. */
import { getEventListeners } from 'node:events';

/** Something that has to be undone exactly once. */
export class Value {
  readonly label: string;
  readonly attempt: object;
  /** Whether its step could be given up, and its value undone at any time. */
  readonly isBound: boolean;
  /** When it came, when the bootstrap went on with it, and when its stop was called and had ended. */
  readonly deliveredAt: number;
  returnedAt = Infinity;
  stopBegunAt = Infinity;
  stopEndedAt = Infinity;
  stops = 0;

  constructor(label: string, attempt: object, isBound: boolean, deliveredAt: number) {
    this.label = label;
    this.attempt = attempt;
    this.isBound = isBound;
    this.deliveredAt = deliveredAt;
  }
}

/** What goes on at one gate. */
interface GateWork {
  running: number;
  stopping: number;
}

export class FlightBook {
  readonly #complain: (text: string) => void;
  readonly #values: Value[] = [];
  readonly #signals = new Set<AbortSignal>();
  readonly #work = new Map<object, GateWork>();
  #moments = 0;
  /** Bootstraps, steps and stops that have not ended, also those that nobody waits for any more. */
  pending = 0;
  /** How many times a bootstrap was called. */
  attempts = 0;

  constructor(complain: (text: string) => void) {
    this.#complain = complain;
  }

  /** Orders what happens: a later moment is a larger number. */
  moment(): number {
    return ++this.#moments;
  }

  get values(): number {
    return this.#values.length;
  }

  /** A5: a bootstrap is called; the result is its end. */
  beginBootstrap(gate: object, signal: AbortSignal): () => void {
    this.attempts++;
    const work = this.#of(gate);
    if (work.running > 0) this.#complain('A5: a bootstrap began while another one of its gate was running');
    if (work.stopping > 0) this.#complain('A5: a bootstrap began while its gate was rolling back');
    return this.beginWork(gate, signal);
  }

  /** A bootstrap or a step begins; the result is its end. `counts`: the next flight has to wait for it. */
  beginWork(gate: object, signal: AbortSignal, counts = true): () => void {
    const work = this.#of(gate);
    this.#signals.add(signal);
    this.pending++;
    if (counts) work.running++;
    return () => {
      this.pending--;
      if (counts) work.running--;
    };
  }

  /** It will have to be undone. */
  deliver(label: string, attempt: object, isBound: boolean): Value {
    const value = new Value(label, attempt, isBound, this.moment());
    this.#values.push(value);
    return value;
  }

  /** A stop is called; the result is its end. */
  beginStop(gate: object, value: Value): () => void {
    const work = this.#of(gate);
    this.pending++;
    if (++value.stops > 1) this.#complain(`A9: ${value.label} was stopped ${value.stops} times`);
    if (!value.isBound) {
      if (work.stopping++ > 0) this.#complain(`A9: ${value.label} was stopped while another stop was running`);
      if (work.running > 0) this.#complain(`A9: ${value.label} was stopped while a bootstrap was running`);
    }
    value.stopBegunAt = this.moment();
    return () => {
      this.pending--;
      if (!value.isBound) work.stopping--;
      value.stopEndedAt = this.moment();
    };
  }

  close(): void {
    if (this.pending > 0) this.#complain(`${this.pending} bootstraps, steps or stops are still running`);
    for (const value of this.#values) {
      if (value.stops === 0) this.#complain(`A9, A4: ${value.label} was never stopped`);
    }
    this.#checkOrder();
    for (const signal of this.#signals) {
      const count = getEventListeners(signal, 'abort').length;
      if (count > 0) this.#complain(`${count} listeners are left on the signal of a flight or a step`);
    }
  }

  /** A9: what came when another value was there already is undone before it. */
  #checkOrder(): void {
    const inOrder = this.#values.filter(({ isBound }) => !isBound);
    for (const earlier of inOrder) {
      for (const later of inOrder) {
        if (later.attempt !== earlier.attempt || later.deliveredAt < earlier.returnedAt) continue;
        if (later.stopEndedAt > earlier.stopBegunAt)
          this.#complain(`A9: ${earlier.label} was stopped before ${later.label}, which came after it`);
      }
    }
  }

  #of(gate: object): GateWork {
    const work = this.#work.get(gate) ?? { running: 0, stopping: 0 };
    this.#work.set(gate, work);
    return work;
  }
}
