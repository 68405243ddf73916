import { unknownPlace } from '../call-site.js';
import type { Owner } from '../owner.js';
import { Token, type TokenOf } from '../token.js';
import type { HeldLock } from './lock-order.js';

interface Taken extends TokenOf {
  readonly weight: number;
}

/** A place of a lock that is taken: the token of those who wait. Only its releaser, or the frame around the callback, has it. */
export class Held extends Token {
  readonly weight: number;
  /** When it was taken, on the clock of `performance.now()`. */
  readonly since = performance.now();
  /** On whose behalf. */
  owner: Owner | undefined = undefined;
  /** What its owner knows of it: an owner must not know the token. */
  order: HeldLock | undefined = undefined;
  isReleased = false;
  /** Whether it was told that others have waited too long for it. */
  isTold = false;

  constructor(taken: Taken) {
    super(taken);
    this.weight = taken.weight;
  }

  /** Puts it on the owner's list of locks, by which the order is learnt. */
  give(owner: Owner, { id, label }: { readonly id: number; readonly label: string }): void {
    this.owner = owner;
    this.order = { id, label, at: this.at === unknownPlace ? undefined : this.at };
    owner.take(this.order);
  }
}
