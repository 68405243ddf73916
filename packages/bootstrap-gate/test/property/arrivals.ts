/** What callers and guests have in common, from their arrival to what became of them. */
import { isGateError } from '../../src/index.js';
import { currentScope } from '@bootstrap-gate/deadlock/adapter';
import { pilotOf } from '../../src/startup/first-request/pilot.js';
import { ownerOf } from '@bootstrap-gate/deadlock/adapter';
import type { World } from './world.js';

export interface Arrival {
  readonly label: string;
  readonly event: number;
  readonly at: number;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly afterClose: boolean;
  /** Whether it arrives in the code of a bootstrap, step or stop, which may not wait for its own gate. */
  readonly isOwner: boolean;
  readonly isInPilot: boolean;
  /** The event at which it had joined the line; who arrives between the two is neither before nor behind it. */
  place: number;
  /** Whether its function runs: then it waits no longer, but has not ended. */
  runs: boolean;
  outcome: string | undefined;
}

export class Arrivals {
  /** The event at which the last one had arrived. */
  last = 0;
  readonly #world: World;
  readonly #errors = new Set<unknown>();

  constructor(world: World) {
    this.#world = world;
  }

  begin(label: string, timeoutMs?: number, signal?: AbortSignal): Arrival {
    const { journal, clock, core, gate, states } = this.#world;
    const scope = currentScope();
    return {
      label,
      event: journal.note(`${label} arrives, gate ${gate.state}`),
      at: clock.now(),
      timeoutMs,
      signal,
      afterClose: states.isClosed,
      isOwner: ownerOf(scope)?.settled === false,
      isInPilot: pilotOf(core, scope) !== undefined,
      place: Infinity,
      runs: false,
      outcome: undefined,
    };
  }

  /** What happened meanwhile, in a listener, came before it. */
  end(arrival: Arrival): void {
    this.last = this.#world.journal.now;
    if (arrival.place === Infinity) arrival.place = this.last;
  }

  settle(arrival: Arrival, outcome: string): void {
    const { journal } = this.#world;
    journal.note(`${arrival.label} is ${outcome}`);
    journal.must(arrival.outcome === undefined, `A11: ${arrival.label} is settled once, not also ${outcome}`);
    arrival.outcome = outcome;
    this.#world.fire('settled');
  }

  deny(arrival: Arrival, error: unknown): void {
    const { journal, clock, states } = this.#world;
    const code = isGateError(error) ? error.code : 'the reason of its signal';
    const hasReason: Record<string, boolean> = {
      'the reason of its signal': arrival.signal?.aborted === true && error === arrival.signal.reason,
      ERR_GATE_CLOSED: states.isClosed,
      ERR_GATE_NOT_READY: states.lastReset > arrival.event,
      ERR_GATE_WAIT_TIMEOUT: clock.now() - arrival.at >= (arrival.timeoutMs ?? Infinity),
      ERR_GATE_DEADLOCK: arrival.isOwner,
      ERR_GATE_BOOTSTRAP_FAILED: this.#world.isFailure((error as Error).cause),
      ERR_GATE_BOOTSTRAP_TIMEOUT: this.#world.canTimeOut,
    };
    journal.must(hasReason[code] === true, `A3, A11: ${arrival.label} is denied without a reason: ${String(error)}`);
    if (arrival.afterClose) journal.must(/CLOSED|signal/.test(code), `A12: after close, ${arrival.label} gets ${code}`);
    journal.must(!isGateError(error) || !this.#errors.has(error), 'A3: every waiter gets an error of its own');
    this.#errors.add(error);
    this.settle(arrival, `denied (${code})`);
  }
}
