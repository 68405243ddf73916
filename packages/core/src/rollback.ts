import { warn } from '@bootstrap-gate/deadlock/adapter';
import { messageOf } from './errors.js';

/** Calls one `stop`; an error in it is reported and keeps nothing else from running. */
export async function stopOne(label: string, stop: () => unknown): Promise<void> {
  try {
    await stop();
  } catch (error) {
    warn('GATE_STOP_FAILED', `The stop of ${label} failed: ${messageOf(error)}`, error);
  }
}

/** What has to be undone: pushed as work completes, undone from the end. */
export class Rollback {
  readonly #stops: { readonly label: string; readonly stop: () => unknown }[] = [];

  push(label: string, stop: () => unknown): void {
    this.#stops.push({ label, stop });
  }

  /** Undoes all that is there, also what is pushed meanwhile, one after another. */
  async run(): Promise<void> {
    for (let last = this.#stops.pop(); last; last = this.#stops.pop()) await stopOne(last.label, last.stop);
  }
}
