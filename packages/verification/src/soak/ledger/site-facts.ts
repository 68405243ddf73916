/** What the ledger knows of a gate: all its states, and what was done to it. */
import type { Gate, GateState } from 'bootstrap-gate';
import type { AdapterName, SitePlan } from '../plan/types.js';

export class SiteFacts {
  readonly plan: SitePlan;
  readonly adapter: AdapterName;
  readonly gate: Gate<unknown>;
  readonly #states: { readonly state: GateState; readonly since: number }[];
  /** Raised by every reset and close: pilots of an earlier term no longer count. */
  term = 0;
  wasReset = false;
  isClosed = false;
  /** `server.close()` was called: connections that have nothing to do are cut. */
  serverIsClosed = false;

  constructor(adapter: AdapterName, plan: SitePlan, gate: Gate<unknown>) {
    this.adapter = adapter;
    this.plan = plan;
    this.gate = gate;
    this.#states = [{ state: gate.state, since: 0 }];
    gate.onChange((state) => void this.#states.push({ state, since: performance.now() }));
  }

  /** The states that it was in at some time from `from` until `to`, and those before them. */
  statesBetween(from: number, to: number): { during: GateState[]; before: GateState[] } {
    const first = this.#states.findLastIndex(({ since }) => since <= from);
    const during = this.#states.slice(first).filter(({ since }) => since <= to);
    return { during: during.map(({ state }) => state), before: this.#states.slice(0, first).map(({ state }) => state) };
  }

  /** N4: whether this answer was right at some time from `from` until `to`. */
  couldSay(path: string, status: number, from: number, to: number): boolean {
    if (path === '/livez') return status === 200;
    const { during, before } = this.statesBetween(from, to);
    if (path === '/readyz') return during.some((state) => status === (state === 'ready' ? 200 : 503));
    const hadOpened = before.includes('ready') || during[0] === 'ready';
    return status === 200 ? hadOpened || during.includes('ready') : status === 503 && !hadOpened;
  }
}
