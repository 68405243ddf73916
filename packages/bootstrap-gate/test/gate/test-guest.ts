import type { GateError } from '../../src/index.js';
import { type Door, Guest, type Pilot } from '../../src/adapter.js';

/** What happens to a guest, for those who want to do something then. */
export interface GuestEvents {
  held?(): void;
  left?(): void;
  admitted?(pilot: Pilot | undefined): void;
  denied?(error: GateError): void;
  gone?(): void;
}

/** The smallest guest: it remembers what became of it. */
export class TestGuest extends Guest {
  readonly canPilot: boolean;
  readonly #events: GuestEvents;
  isGone = false;
  outcome = '';

  constructor(door: Door, canPilot: boolean, events: GuestEvents = {}, connection: object = {}) {
    super(door, connection);
    this.canPilot = canPilot;
    this.#events = events;
  }

  /** Its client goes away. `quietly`: nobody has been told yet. */
  goAway(quietly = false): void {
    this.isGone = true;
    if (!quietly) this.door.gone(this);
  }

  onHeld(): void {
    this.#events.held?.();
  }

  protected onLeft(): void {
    this.#events.left?.();
  }

  protected onAdmitted(pilot: Pilot | undefined): void {
    this.outcome += pilot ? 'pilot' : 'admitted';
    this.#events.admitted?.(pilot);
  }

  protected onDenied(error: GateError): void {
    this.outcome += error.code;
    this.#events.denied?.(error);
  }

  onGone(): void {
    this.outcome += 'gone';
    this.#events.gone?.();
  }
}
