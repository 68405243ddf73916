/** Steps that end together: all of an attempt, or a part of them. */
import type { StepFunction } from './step.js';
import type { Boot, StepOptions } from '../../kit/types.js';

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

/** A part of a bootstrap whose steps can be ended while the others go on. It ends with the part that it was opened in. */
export interface PartOfBoot {
  /** `boot.step`; `at` is the place in the user's code that reports name, by default that of this call. */
  step<T>(name: string, fn: StepFunction<T>, options?: StepOptions<T>, at?: string): Promise<T>;
  /** Makes a promise like that of a step: if nobody awaits it, the attempt does, and fails with it. */
  counted<T>(work: Promise<T>): Promise<T>;
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
