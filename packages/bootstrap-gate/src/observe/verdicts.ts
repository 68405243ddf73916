/** The verdicts that concern one gate: it keeps the latest for the report, tells them, and refuses waits by them. */
import { describe, type Owner, type Party, warn } from '@bootstrap-gate/deadlock/adapter';
import type { DeadlockMode, Verdict } from '@bootstrap-gate/deadlock';
import { channels } from './channels.js';
import { GateError } from '../kit/errors.js';

/** The settings that every gate has. */
export interface GateSettings {
  readonly name: string;
  readonly deadlock: DeadlockMode;
}

/** How many a report keeps. */
const KEPT = 100;

export class Verdicts implements Party {
  readonly deadlock: DeadlockMode;
  readonly #gate: string;
  readonly #flight: () => number | null;
  readonly #latest: Verdict[] = [];

  /** @param flight gives the number of the running or last flight */
  constructor({ name, deadlock }: GateSettings, flight: () => number | null) {
    this.#gate = name;
    this.deadlock = deadlock;
    this.#flight = flight;
  }

  list(): readonly Verdict[] {
    return [...this.#latest];
  }

  note(verdict: Verdict): void {
    if (this.#latest.includes(verdict)) return; // a step fails by it, and so does the one that started that step
    this.#latest.push(verdict);
    if (this.#latest.length > KEPT) this.#latest.shift();
    if (channels.verdict.hasSubscribers) {
      channels.verdict.publish({ gate: this.#gate, type: verdict.certainty, flight: this.#flight(), verdict });
    }
  }

  /** The error of a wait that was proven to end never. */
  proof(what: string, verdict: Verdict): GateError {
    return this.#error(`${what} can never end`, verdict);
  }

  /** The error to fail a step or bootstrap with whose promise nothing can settle any more; undefined: let it hang. */
  unreachable({ label }: Owner, since: number, at: string): GateError | undefined {
    if (this.deadlock === 'off') return undefined;
    const verdict: Verdict = {
      certainty: 'proven',
      cycle: [{ owner: label, waitsFor: 'a promise that nothing can settle any more', since, at }],
      advice:
        'Look for a callback that is never called, an event whose emitter is gone, or a resolve function that was ' +
        'dropped: what could have settled the promise has been garbage-collected.',
    };
    this.note(verdict);
    const what = `The ${label} can never finish`;
    if (this.deadlock === 'throw') return this.#error(what, verdict);
    warn('GATE_DEADLOCK', `${what}:\n${describe(verdict)}`);
    return undefined;
  }

  #error(what: string, verdict: Verdict): GateError {
    return new GateError('ERR_GATE_DEADLOCK', `${what}:\n${describe(verdict)}`, { verdict });
  }
}
