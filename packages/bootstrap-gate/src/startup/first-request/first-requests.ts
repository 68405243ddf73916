/** First-request mode: pilots pass one after another, until enough of them have succeeded. */
import { warn } from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../../kit/clock.js';
import type { PilotSettings } from '../../gate-options.js';
import { Pilot, type PilotEnd } from './pilot.js';

export interface FirstRequestEvents {
  /** A pilot is on its way. */
  onPilot(): void;
  /** It is over, and another one is needed. */
  onNone(): void;
  /** Enough have succeeded. */
  onEnough(): void;
}

export class FirstRequests {
  readonly #settings: PilotSettings;
  readonly #clock: Clock;
  readonly #events: FirstRequestEvents;
  #pilot: Pilot | undefined;
  #succeeded = 0;

  constructor(settings: PilotSettings, clock: Clock, events: FirstRequestEvents) {
    this.#settings = settings;
    this.#clock = clock;
    this.#events = events;
  }

  /** Undefined when a listener to this very change of state put an end to it. */
  begin(gate: object): Pilot | undefined {
    const pilot = new Pilot(gate, this.#clock, this.#settings.pilotTimeoutMs, (end) => this.#ended(end));
    this.#pilot = pilot;
    this.#events.onPilot();
    return pilot.counts ? pilot : undefined;
  }

  /** From the start again: a pilot under way no longer counts. */
  restart(): void {
    this.#pilot?.dismiss();
    this.#succeeded = 0;
  }

  #ended(end: PilotEnd): void {
    const { name, firstRequests, pilotTimeoutMs } = this.#settings;
    if (end === 'overdue') {
      const text = `A first request at gate "${name}" takes longer than ${pilotTimeoutMs} ms`;
      warn('GATE_PILOT_TIMEOUT', `${text}; the others no longer wait for it.`);
    }
    if (end === 'succeeded' && ++this.#succeeded >= firstRequests) this.#events.onEnough();
    else this.#events.onNone();
  }
}
