/** A function of the user's at work: what it comes to, and the proof that it comes to nothing. */
import { dependOn, type Owner, runIn, unlessUnreachable, type Until } from '@bootstrap-gate/deadlock/adapter';
import { isPromise } from 'node:util/types';
import { WatchedPromise } from '../../kit/watched-promise.js';
import type { GateError } from '../../kit/errors.js';
import type { Verdicts } from '../../observe/verdicts.js';

export interface WorkFacts {
  readonly owner: Owner;
  readonly verdicts: Verdicts;
  readonly startedAt: number;
  readonly at: string;
  /** Whether it is what its gate is known by, rather than a step. */
  readonly isMain?: boolean;
  /** What ends only when it has ended. */
  readonly untils: readonly Until[];
}

/**
 * Follows the promise of a user's function, and keeps it nowhere: who had it could prove nothing of it. So nothing here is an
 * async function, whose suspended frame would.
 */
export class UserWork<T> {
  /** What it settles with, or was failed with. */
  readonly result: Promise<T>;
  /** Gives it up: what it comes to later counts no more. */
  fail!: (error: unknown) => void;
  #resolve!: (value: T) => void;
  #isOver = false;
  #leave: readonly (() => void)[] = [];

  constructor(fn: () => T | PromiseLike<T>, facts: WorkFacts) {
    this.result = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.fail = reject;
    }).finally(() => {
      this.#isOver = true;
      for (const leave of this.#leave) leave();
    });
    try {
      const work = runIn(facts.owner, fn);
      if (isPromise(work)) facts.owner.result = new WeakRef(work);
      this.#follow(work instanceof WatchedPromise ? work.join() : work, facts);
    } catch (error) {
      this.fail(error);
    }
  }

  #follow(work: T | PromiseLike<T>, facts: WorkFacts): void {
    const { owner, verdicts, isMain = false } = facts;
    const of = { label: owner.label, party: verdicts, isMain };
    this.#leave = facts.untils.map((until) => dependOn(until, work, of));
    unlessUnreachable(work, this.#proofOf(facts)).then(this.#resolve, this.fail);
  }

  /** A function of its own: a closure keeps the variables of its scope, and the user's promise must not be one. */
  #proofOf(facts: WorkFacts): () => GateError | undefined {
    return () => this.#unreachableSoon(facts);
  }

  /** Its promise has been garbage-collected. */
  #unreachable({ owner, verdicts, startedAt, at }: WorkFacts): GateError | undefined {
    if (this.#isOver) return undefined;
    return verdicts.unreachable(owner, startedAt, at);
  }

  /** Of what has died with its waits, those who judge these say more: they come first. */
  #unreachableSoon(facts: WorkFacts): GateError | undefined {
    if (facts.owner.waits.size === 0) return this.#unreachable(facts);
    const tell = (): void => {
      const error = this.#unreachable(facts);
      if (error) this.fail(error);
    };
    setImmediate(() => setImmediate(tell));
    return undefined;
  }
}
