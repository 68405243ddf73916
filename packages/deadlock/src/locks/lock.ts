/**
 * A lock with any number of places, which excludes as the semaphore of async-mutex does. Its queue is its own: the promise
 * that a waiter awaits, and the token that a holder has, are what the judge sees.
 */
import { callSite, type Place, placeOf, unknownPlace } from '../call-site.js';
import { currentScope, runIn, type Scope, trackScopes } from '../context.js';
import { DeadlockError } from '../deadlock-error.js';
import { NativePromise } from '../native-promise.js';
import { type DeadlockMode, heldIn, type Holder, Owner, ownerOf, ownersOf, type Party } from '../owner.js';
import { Until } from '../token.js';
import type { Verdict } from '../verdict.js';
import type { AnyWait, Fate, ProvableResource } from '../wait.js';
import { Held } from './held.js';
import { learnOrder, newLockId } from './lock-order.js';
import { type AnyLockWait, enqueue, LockWait, type Request } from './queue.js';
import { tellLost, tellStalled } from './stalled.js';

/** What the user called: its caller is the place. */
export type Method = (...args: never[]) => unknown;

/** A request, and what the user called. */
export interface Ask<T> extends Request<T> {
  readonly method: Method;
}

export interface LockSettings {
  readonly kind: 'mutex' | 'semaphore';
  readonly name: string;
  readonly value: number;
  readonly cancelError: unknown;
  readonly deadlock: DeadlockMode;
  readonly stallAfterMs: number;
}

/** For how many times in a row it is known where a lock was taken: finding out takes longer than taking it. */
const PLACES = 1_000;

export class Lock implements ProvableResource {
  readonly kind = 'mutex';
  readonly id = newLockId();
  readonly name: string;
  readonly label: string;
  readonly party: Party;
  readonly stallAfterMs: number;
  /** Open once somebody lets go of it by hand: then anybody may. */
  readonly until = new Until('any');
  readonly #holderLabel: string;
  readonly #cancelError: unknown;
  readonly #queue: AnyLockWait[] = [];
  readonly #unlockQueue: AnyLockWait[] = [];
  #value: number;
  #placesLeft = PLACES;
  /** Why whoever asks for it is rejected. */
  #dead: Verdict | undefined;

  constructor({ kind, name, value, cancelError, deadlock, stallAfterMs }: LockSettings) {
    this.name = name;
    this.label = `${kind} "${name}"`;
    this.#holderLabel = `holder of ${this.label}`;
    this.party = { deadlock };
    this.stallAfterMs = stallAfterMs;
    this.#value = value;
    this.#cancelError = cancelError;
  }

  get value(): number {
    return this.#value;
  }

  set value(value: number) {
    this.until.isOpen = true;
    this.#value = value;
    this.#dispatch();
  }

  get holders(): readonly Held[] {
    return this.until.tokens as readonly Held[];
  }

  get waiting(): readonly AnyLockWait[] {
    return this.#queue;
  }

  holder(): Holder | undefined {
    const held = this.holders.at(-1);
    return held?.owner && { owner: held.owner, at: held.at };
  }

  takenAt(): string | undefined {
    return this.holders.at(-1)?.at?.();
  }

  /** Takes it, now or later. Rejects with a DeadlockError where that can never be. */
  take<T>(ask: Ask<T>, isLimited: boolean): Promise<T> {
    const scope = currentScope();
    if (scope && !isLimited) this.#learnOrder(scope, ask.method);
    const at = this.#place(ask.method);
    if (ask.weight <= this.#value && !this.#isBehind(ask.priority)) {
      const value = this.#value;
      return Promise.resolve(ask.give(this.#grant(ask, at, scope && ownersOf(scope)[0]), value));
    }
    if (this.#dead) return Promise.reject(new DeadlockError(`A wait for ${this.label}`, this.#dead));
    const wait = new LockWait<T>(this, ask, { at, isLimited });
    enqueue(this.#queue, wait as AnyLockWait);
    return wait.promise;
  }

  /** Waits until it could be taken, without taking it. */
  untilFree(method: Method, weight: number, priority: number, isLimited: boolean): Promise<void> {
    const first = this.#queue[0];
    if ((!first || first.priority < priority) && weight <= this.#value) return Promise.resolve();
    const request = { weight, priority, give: () => undefined, isForCallback: false };
    const wait = new LockWait<void>(this, request, { at: this.#place(method), isLimited });
    enqueue(this.#unlockQueue, wait as AnyLockWait);
    return wait.promise;
  }

  /** Notes a holder of a lock that excludes by itself. */
  note(method: Method, owner: Owner | undefined): Held {
    return this.#grant({ weight: 1, isForCallback: false }, this.#place(method), owner);
  }

  /** Calls what holds the lock; what it waits for holds up those who wait for the lock. */
  async during<R>(held: Held, callback: () => R): Promise<Awaited<R>> {
    const party = ownerOf(currentScope())?.party;
    const owner = new Owner(this.#holderLabel, { isPart: true, party });
    held.give(owner, this);
    const endTracking = trackScopes();
    try {
      return (await runIn(owner, () => settled(callback()))) as Awaited<R>;
    } finally {
      owner.settled = true;
      this.free(held);
      endTracking();
    }
  }

  free(held: Held): void {
    if (held.isReleased) return;
    held.isReleased = true;
    this.#forget(held);
    this.#value += held.weight;
    this.#dispatch();
  }

  /** Lets go of places without a releaser: whose they were is not known. */
  freeByHand(weight: number): void {
    this.until.isOpen = true;
    this.#dead = undefined;
    for (let left = weight; left > 0 && this.holders.length > 0;) {
      const [oldest] = this.holders;
      left -= oldest!.weight;
      this.#forget(oldest!);
    }
    this.#value += weight;
    this.#dispatch();
  }

  cancel(): void {
    this.until.isOpen = true;
    for (const wait of this.#queue.splice(0)) wait.reject(this.#cancelError);
  }

  refuse(wait: AnyWait, verdict: Verdict): void {
    for (const queue of [this.#queue, this.#unlockQueue]) {
      const index = queue.indexOf(wait as AnyLockWait);
      if (index >= 0) queue.splice(index, 1);
    }
    wait.reject(new DeadlockError(`A wait for ${this.label}`, verdict));
  }

  stalled(wait: AnyWait, fate: Fate): void {
    this.#placesLeft = PLACES; // next time it is known
    if (fate === 'unknown') return tellStalled(this, wait);
    const verdict = tellLost(this, wait);
    if (fate === 'lost' || this.party.deadlock !== 'throw') return;
    this.#dead = verdict;
    for (const waiting of [...this.#queue, ...this.#unlockQueue]) this.refuse(waiting, verdict);
  }

  /** Whether somebody in the queue comes before this priority. */
  #isBehind(priority: number): boolean {
    const first = this.#queue[0];
    return first !== undefined && first.priority >= priority;
  }

  #place(method: Method): Place {
    if (this.#placesLeft === 0) return unknownPlace;
    this.#placesLeft--;
    return placeOf(method);
  }

  #learnOrder(scope: Scope, method: Method): void {
    const held = this.party.deadlock === 'off' ? [] : heldIn(scope);
    if (held.length > 0) learnOrder(held, this, () => callSite(method));
  }

  #grant(ask: Pick<Ask<unknown>, 'weight' | 'isForCallback'>, at: Place, around: Owner | undefined): Held {
    const owner = ask.isForCallback ? undefined : around;
    this.#value -= ask.weight;
    const held = new Held({
      label: owner?.label ?? this.#holderLabel,
      at,
      party: around?.party,
      isReplaceable: !ask.isForCallback,
      weight: ask.weight,
    });
    if (owner) held.give(owner, this);
    this.until.add(held);
    return held;
  }

  #forget(held: Held): void {
    this.until.delete(held);
    if (held.order) held.owner?.letGo(held.order);
  }

  #dispatch(): void {
    this.#dispatchUnlocked();
    for (let next = this.#queue[0]; next && next.request.weight <= this.#value; next = this.#queue[0]) {
      this.#queue.shift();
      const value = this.#value;
      next.resolve(next.request.give(this.#grant(next.request, next.place, next.owners[0]), value));
      this.#dispatchUnlocked();
    }
  }

  #dispatchUnlocked(): void {
    if (this.#unlockQueue.length === 0) return;
    const first = this.#queue[0];
    const isFree = ({ request: { weight, priority } }: AnyLockWait): boolean =>
      weight <= this.#value && (!first || priority > first.priority);
    const free = this.#unlockQueue.filter(isFree);
    if (free.length === 0) return;
    const rest = this.#unlockQueue.filter((wait) => !isFree(wait));
    this.#unlockQueue.splice(0, Infinity, ...rest);
    for (const wait of free.sort((a, b) => b.request.weight - a.request.weight)) wait.resolve(undefined);
  }
}

/** What has a `then` of its own may only begin to wait when it is awaited: here, on behalf of the owner. */
function settled<R>(result: R): R | PromiseLike<R> {
  const { then } = Object(result) as { then?: unknown };
  return typeof then === 'function' && then !== NativePromise.prototype.then ? Promise.resolve(result) : result;
}
