import { isPromise } from 'node:util/types';
import { runIn, warn } from '@bootstrap-gate/deadlock/adapter';
import { channels } from '../observe/channels.js';
import { messageOf } from '../kit/errors.js';
import type { GateState } from '../kit/types.js';

type Listener = (state: GateState, previous: GateState) => void;

/** Passes changes of state on, synchronously and in order, also those that a listener itself brings about. */
export class ChangeFeed {
  readonly #gate: string;
  readonly #listeners = new Set<{ readonly call: Listener }>();
  readonly #pending: [GateState, GateState][] = [];
  #notifying = false;

  constructor(gate: string) {
    this.#gate = gate;
  }

  subscribe(listener: Listener): () => void {
    if (typeof listener !== 'function') throw new TypeError('onChange: the listener must be a function');
    const entry = { call: listener }; // the same function may subscribe twice
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Queues a change; `notify` passes it on. What happens in between may bring about the next one. */
  note(state: GateState, previous: GateState): void {
    this.#pending.push([state, previous]);
  }

  notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    for (let change = this.#pending.shift(); change; change = this.#pending.shift()) this.#notifyAll(...change);
    this.#notifying = false;
  }

  #notifyAll(state: GateState, previous: GateState): void {
    if (channels.state.hasSubscribers) channels.state.publish({ gate: this.#gate, type: state, previous });
    for (const { call } of [...this.#listeners]) {
      try {
        const returned: unknown = runIn(undefined, () => call(state, previous));
        // An async listener throws into a promise that nothing handles, which would end the process.
        if (isPromise(returned)) returned.then(undefined, this.#onThrow);
      } catch (error) {
        this.#onThrow(error);
      }
    }
  }

  readonly #onThrow = (error: unknown): void => {
    const message = `An onChange listener of gate "${this.#gate}" threw: ${messageOf(error)}`;
    warn('GATE_CALLBACK_FAILED', message, error);
  };
}
