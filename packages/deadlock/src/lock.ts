/** A traced mutex, or semaphore of one place, as the graph sees it: who holds it, who waits for it, what is held with it. */
import { callSite, type Place, placeOf } from './call-site.js';
import { currentScope, runIn, type Scope, trackScopes } from './context.js';
import { cycleThrough, judge } from './cycle.js';
import { DeadlockError } from './deadlock-error.js';
import { now } from './now.js';
import { type HeldLock, learnOrder, newLockId } from './lock-order.js';
import {
  type DeadlockMode,
  heldIn,
  type Holder,
  newWait,
  Owner,
  ownerOf,
  ownersOf,
  type Party,
  recordWait,
  type Resource,
} from './owner.js';
import { processWide } from './process-wide.js';

/** What the user called: its caller is the place. */
export type Method = (...args: never[]) => unknown;

export class Lock implements Resource {
  readonly kind = 'mutex';
  readonly id = newLockId();
  readonly name: string;
  readonly label: string;
  readonly party: Party;
  readonly #isLocked: () => boolean;
  #holder: Holder | undefined;
  #held: HeldLock | undefined;
  /** Whether there ever were two at once, as a place that is let go of twice makes possible: then nobody is named. */
  #isShared = false;
  #placesLeft = PLACES;

  constructor(label: string, name: string, deadlock: DeadlockMode, isLocked: () => boolean) {
    this.name = name;
    this.label = label;
    this.party = { deadlock };
    this.#isLocked = isLocked;
  }

  holder(): Holder | undefined {
    return this.#isShared ? undefined : this.#holder;
  }

  takenAt(): string | undefined {
    return this.#held?.at?.();
  }

  /**
   * Calls `take`, which takes the lock, and calls back when it has it.
   *
   * @throws (rejects with) DeadlockError where the wait would close a cycle
   */
  take<R>(method: Method, take: (end: () => void) => Promise<R>): Promise<R> {
    const scope = currentScope();
    return scope ? this.#takeIn(scope, method, take) : take(noWait);
  }

  async #takeIn<R>(scope: Scope, method: Method, take: (end: () => void) => Promise<R>): Promise<R> {
    const end = this.#wait(scope, method);
    this.#learnOrder(scope, method);
    try {
      return await take(end);
    } finally {
      end();
    }
  }

  /** Waits until nobody has the lock, without taking it. Rejects as `take` does. */
  async untilFree(method: Method, wait: () => Promise<void>): Promise<void> {
    const scope = currentScope();
    const end = scope ? this.#wait(scope, method) : noWait;
    try {
      await wait();
    } finally {
      end();
    }
  }

  /** Where the user took it by this method, for as long as that is found out. */
  place(method: Method): Place | undefined {
    if (this.#placesLeft === 0) return undefined;
    this.#placesLeft--;
    return placeOf(method);
  }

  /** Calls what holds the lock until it settles: its waits hold up those who wait for the lock. */
  async during<R>(callback: () => R, at: Place | undefined): Promise<Awaited<R>> {
    const around = ownerOf(currentScope());
    const owner = new Owner(`holder of ${this.label}`, { isPart: true, party: around?.party });
    const held = this.#takenBy({ owner, at }, at);
    const endTracking = trackScopes();
    try {
      return await runIn(owner, async () => callback()); // async: what it returns may only begin to wait when awaited
    } finally {
      owner.settled = true;
      this.freed(held); // it may have been released early, and be somebody else's by now
      endTracking();
    }
  }

  /** It was taken without an end of its own: the async context holds it, if that is an owner. */
  taken(at: Place | undefined): HeldLock {
    const [owner] = ownersOf(currentScope());
    return this.#takenBy(owner && { owner, at, since: processWide.waits }, at);
  }

  /** Whoever has it lets go of it; one who took it earlier, and lets go once more, does nothing. */
  freed(held = this.#held): void {
    if (!held || held !== this.#held) return;
    this.#holder?.owner.letGo(held);
    this.#holder = undefined;
    this.#held = undefined;
  }

  #takenBy(holder: Holder | undefined, at: Place | undefined): HeldLock {
    const held = { id: this.id, label: this.label, at };
    this.#isShared ||= this.#held !== undefined;
    this.#holder = holder;
    this.#held = held;
    holder?.owner.take(held);
    return held;
  }

  #wait(scope: Scope, method: Method): () => void {
    const owners = this.#isLocked() ? ownersOf(scope) : [];
    if (owners.length === 0) return noWait;
    const wait = newWait(this, now(), callSite(method));
    const refused = judge(cycleThrough(owners, wait));
    if (refused) throw new DeadlockError(`A wait for ${this.label}`, refused);
    return recordWait(owners, wait, now);
  }

  #learnOrder(scope: Scope, method: Method): void {
    const held = this.party.deadlock === 'off' ? [] : heldIn(scope);
    if (held.length > 0) learnOrder(held, this, () => callSite(method));
  }
}

/** For how many times it is known where a lock was taken: finding out takes longer than taking it. */
const PLACES = 1_000;

const noWait = (): void => {};
