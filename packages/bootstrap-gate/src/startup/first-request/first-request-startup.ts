/**
 * Floor `startup/first-request`: pilots, and when enough have succeeded. Not here: flights, and what a response
 * says (`http/pilot-outcome.ts`).
 *
 * First-request mode: pilots pass one after another, until enough of them have succeeded.
 */
import { type Scope, warn } from '@bootstrap-gate/deadlock/adapter';
import { OnePilot, pilotOf } from './pilot.js';
import type { PilotSettings } from './pilot-options.js';
import type { GateCore } from '../../gate/gate-core.js';
import type { Pilot, PilotEnd, Startup } from '../../gate/startup.js';
import { settle } from '../../gate/wait-queue.js';

/** A scanner's 404 alone says little; ten of them say that the application answers, and that this is all it has to say. */
const ANSWERS_THAT_WEIGH_AS_ONE = 10;

export class FirstRequestStartup<T> implements Startup {
  readonly hasBootstrap = false;
  readonly flight = undefined;
  readonly isOver = true;
  readonly timing = undefined;
  readonly pending = '';
  readonly #settings: PilotSettings;
  readonly #core: GateCore<T>;
  #pilot: OnePilot | undefined;
  #succeeded = 0;
  /** How many the application answered at all, client errors included. */
  #answered = 0;

  constructor(settings: PilotSettings, core: GateCore<T>) {
    this.#settings = settings;
    this.#core = core;
  }

  start(): void {
    const waiter = this.#core.queue.takePilot();
    if (!waiter) return;
    const pilot = this.newPilot();
    settle(() => (pilot ? waiter.admit(pilot) : waiter.deny(this.#core.leftError())));
  }

  newPilot(): Pilot | undefined {
    const { clock } = this.#core;
    const pilot = new OnePilot(this.#core, clock, this.#settings.pilotTimeoutMs, (end) => this.#ended(end));
    this.#pilot = pilot;
    this.#core.booting();
    return pilot.counts ? pilot : undefined;
  }

  pilotOf(scope: Scope | undefined): Pilot | undefined {
    return pilotOf(this.#core, scope);
  }

  /** A pilot under way continues in the application, as a request like any other. */
  disregard(): void {
    this.#pilot?.dismiss();
    this.#succeeded = 0;
    this.#answered = 0;
  }

  /** It has no work that could be proven hopeless. */
  fail(): void {}

  end(): Promise<void> {
    return Promise.resolve();
  }

  report(): { attempts: [] } {
    return { attempts: [] };
  }

  #ended(end: PilotEnd): void {
    const { name, firstRequests, pilotTimeoutMs } = this.#settings;
    if (end === 'overdue') {
      const text = `A first request at gate "${name}" takes longer than ${pilotTimeoutMs} ms`;
      warn('GATE_PILOT_TIMEOUT', `${text}; the others no longer wait for it.`);
    }
    if (end === 'succeeded') this.#succeeded++;
    if (end === 'succeeded' || end === 'rejected') this.#answered++;
    const isEnough = this.#succeeded >= firstRequests || this.#answered >= ANSWERS_THAT_WEIGH_AS_ONE * firstRequests;
    if (isEnough) this.#core.open(undefined as T);
    else this.#core.idle();
  }
}
