import { setMaxListeners } from 'node:events';

/** For a signal that may have many listeners: the user hands it to whatever runs in parallel. */
export function sharedAbort(): AbortController {
  const controller = new AbortController();
  try {
    setMaxListeners(0, controller.signal); // Node 20 warns of a leak from the eleventh listener on
  } catch {
    // the global AbortController is that of a DOM, which warns of nothing
  }
  return controller;
}

/** What can be aborted with others. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** Aborts its members together. One by one: Node walks through all listeners of a signal for each that comes or goes. */
export class AbortGroup implements Abortable {
  readonly #members = new Set<Abortable>();
  readonly #abort = new AbortController();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Returns the function that takes the member out. */
  add(member: Abortable): () => void {
    if (this.signal.aborted) member.abort(this.signal.reason);
    this.#members.add(member);
    return () => this.#members.delete(member);
  }

  abort(reason: unknown): void {
    if (this.signal.aborted) return;
    this.#abort.abort(reason);
    for (const member of this.#members) member.abort(reason);
  }
}
