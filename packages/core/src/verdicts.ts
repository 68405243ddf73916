/** What a gate does with verdicts: it keeps the latest for the report, tells them, and refuses the wait or not. */
import { channels } from './channels.js';
import { GateError, type Verdict } from './errors.js';
import type { GateSettings } from './options.js';
import { describe } from './waits.js';
import { warn } from './warnings.js';

/** How many a report keeps. */
const KEPT = 100;

export class Verdicts {
  readonly #settings: GateSettings;
  readonly #flight: () => number | null;
  readonly #latest: Verdict[] = [];

  /** @param flight gives the number of the running or last flight */
  constructor(settings: GateSettings, flight: () => number | null) {
    this.#settings = settings;
    this.#flight = flight;
  }

  list(): readonly Verdict[] {
    return [...this.#latest];
  }

  note(verdict: Verdict): void {
    this.#latest.push(verdict);
    if (this.#latest.length > KEPT) this.#latest.shift();
    if (channels.verdict.hasSubscribers) {
      const { name: gate } = this.#settings;
      channels.verdict.publish({ gate, type: verdict.certainty, flight: this.#flight(), verdict });
    }
  }

  /** The error to refuse a wait with; undefined where the gate is set to let it hang. */
  refusal(verdict: Verdict | undefined): GateError | undefined {
    const { deadlock, name } = this.#settings;
    if (!verdict || deadlock === 'off') return undefined;
    this.note(verdict);
    const text = `A wait for gate "${name}" can never end:\n${describe(verdict)}`;
    if (deadlock === 'throw') return new GateError('ERR_GATE_DEADLOCK', text, { verdict });
    warn('GATE_DEADLOCK', text);
    return undefined;
  }
}
