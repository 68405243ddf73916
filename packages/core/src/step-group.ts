/** Steps that end together: all of an attempt, or a part of them. */
import type { Boot } from './types.js';

/** What a group can end. */
interface Member {
  abort(reason: unknown): void;
}

export class StepGroup implements Member {
  /** Its members are aborted one by one: Node walks through all listeners of a signal for each one that comes or goes. */
  readonly #members = new Set<Member>();
  readonly #abort = new AbortController();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  add(member: Member): () => void {
    this.#members.add(member);
    return () => this.#members.delete(member);
  }

  abort(reason: unknown): void {
    if (this.signal.aborted) return;
    this.#abort.abort(reason);
    for (const member of this.#members) member.abort(reason);
  }
}

/** A part of a bootstrap whose steps can be ended while the others go on. */
export interface PartOfBoot {
  readonly step: Boot['step'];
  /** Ends its steps: they reject with `reason`, their signals fire, and no new one starts. */
  abort(reason: unknown): void;
}

/** Where a `Boot` has its maker of parts, also one of another copy of this package. */
export const partMaker = Symbol.for('bootstrap-gate.part-of-boot');

/** Opens a part of a bootstrap. @throws TypeError for anything but what a gate hands to its bootstrap */
export function partOf(boot: Boot): PartOfBoot {
  const make = Reflect.get(Object(boot), partMaker) as (() => PartOfBoot) | undefined;
  if (!make) throw new TypeError('the argument must be what a gate hands to its bootstrap');
  return make();
}
