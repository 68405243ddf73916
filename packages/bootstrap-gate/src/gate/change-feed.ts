import { runIn, warn } from '@bootstrap-gate/deadlock/adapter';
import { channels } from '../observe/channels.js';
import { messageOf } from '../kit/errors.js';
import type { GateState } from '../kit/types.js';

type Listener = (state: GateState, previous: GateState) => void;

/** Tells changes of state synchronously and in order, also those that a listener itself brings about. */
export class ChangeFeed {
  readonly #gate: string;
  readonly #listeners = new Set<{ readonly call: Listener }>();
  readonly #untold: [GateState, GateState][] = [];
  #telling = false;

  constructor(gate: string) {
    this.#gate = gate;
  }

  subscribe(listener: Listener): () => void {
    if (typeof listener !== 'function') throw new TypeError('onChange: the listener must be a function');
    const entry = { call: listener }; // the same function may subscribe twice
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Puts a change in line; `tell` tells it. What happens in between may bring about the next one. */
  note(state: GateState, previous: GateState): void {
    this.#untold.push([state, previous]);
  }

  tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    for (let change = this.#untold.shift(); change; change = this.#untold.shift()) this.#tellAll(...change);
    this.#telling = false;
  }

  #tellAll(state: GateState, previous: GateState): void {
    if (channels.state.hasSubscribers) channels.state.publish({ gate: this.#gate, type: state, previous });
    for (const { call } of [...this.#listeners]) {
      try {
        const told: unknown = runIn(undefined, () => call(state, previous));
        // An async listener throws into a promise that nobody has, which would end the process.
        if (told instanceof Promise) told.catch(this.#onThrow);
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
