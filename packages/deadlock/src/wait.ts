/** Waits that can be judged: what they wait for, since when and where, on whose behalf, and how they are ended. */
import type { Place } from './call-site.js';
import { currentScope } from './context.js';
import { examineLater } from './judge/examine.js';
import { now } from './now.js';
import { type DeadlockMode, type Owner, ownersOf, type Resource, type Wait } from './owner.js';
import { processWide } from './process-wide.js';
import { SharedPromise } from './shared-promise.js';
import type { Until } from './token.js';
import type { Verdict } from './verdict.js';

/** Something that can be waited for, and whose waits can be judged. */
export interface ProvableResource extends Resource {
  readonly until: Until;
  /** Ends a wait that can never end otherwise: rejects it with an error that has the verdict. */
  refuse(wait: AnyWait, verdict: Verdict): void;
  /** Fails the work itself, where a proof by collection has cost it its waits. */
  fail?(verdict: Verdict): void;
  /** What becomes of a cycle through it, whatever the others say: such a wait is refused first. */
  readonly deadlock?: DeadlockMode;
  /** How old a wait becomes before it is looked into without a suspicion; by default never. */
  readonly stallAfterMs?: number;
  /** Is told of such a wait when it was looked into. */
  stalled?(wait: AnyWait, fate: Fate): void;
}

/**
 * What is known of a wait that has become old, and is on no cycle. `lost`: nothing has what could end it; `hopeless`: nothing
 * can even reach the resource any more; `unknown`: it may still end, or hangs on another that cannot.
 */
export type Fate = 'unknown' | 'lost' | 'hopeless';

export interface WaitSettings {
  /** The place in the user's code. */
  readonly at: Place;
  /** On whose behalf; those of the caller unless given. */
  readonly owners?: readonly Owner[];
  /** Whether the promise goes to several, such as that of a step: whoever awaits it joins the wait. */
  readonly isShared?: boolean;
  /** Whether it ends by itself, by a time limit or a signal: it is told, and never judged. */
  readonly isLimited?: boolean;
  /** An object through which alone its end comes, such as the client's side of a request; else it is the promise. */
  readonly subject?: object | undefined;
}

/** A wait as the judge has it, whatever it ends with. */
export interface AnyWait extends Wait {
  readonly on: ProvableResource;
  readonly owners: readonly Owner[];
  readonly isLimited: boolean;
  readonly subject: object | undefined;
  readonly isOver: boolean;
  /** Whether a verdict on it was told that let it hang. */
  isTold: boolean;
  /** Whether it was looked into for its age. */
  isExamined: boolean;
  /** Hand it to whoever awaits it, and keep it nowhere else. */
  readonly promise: Promise<unknown>;
  reject(reason: unknown): void;
  /** Gives away all that could end it; see `takeBack`. */
  entrust(): unknown;
  /** @returns false where that has died meanwhile, and with it whatever awaited the wait */
  takeBack(): boolean;
}

/** How a wait is ended, and what awaits it. */
interface Ending<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** Is in the graph, and among what the judge looks at, from its construction until it is resolved or rejected. */
export class ProvableWait<T> implements AnyWait {
  readonly on: ProvableResource;
  readonly since = now();
  readonly number = ++processWide.waits;
  readonly isLimited: boolean;
  readonly subject: object | undefined;
  isOver = false;
  isTold = false;
  isExamined = false;
  /** Whether somebody awaits its promise, as far as that is noticed: where it is shared. */
  isAwaited = false;
  readonly place: Place;
  #owners: readonly Owner[] = none;
  #ending: Ending<T> | undefined;
  #entrusted: WeakRef<Ending<T>> | undefined;
  #settle: ((ending: Ending<T>) => void) | undefined;

  constructor(on: ProvableResource, { at, owners, isLimited = false, isShared, subject }: WaitSettings) {
    this.on = on;
    this.isLimited = isLimited;
    this.subject = subject;
    this.place = at;
    this.#ending = isShared ? sharedEnding<T>(() => this.#join()) : newEnding<T>();
    processWide.pending.add(this);
    this.#add(owners ?? ownersOf(currentScope()));
    examineLater(this);
  }

  get owners(): readonly Owner[] {
    return this.#owners;
  }

  get at(): string {
    return this.place();
  }

  get promise(): Promise<T> {
    return this.#ending!.promise;
  }

  resolve(value: T): void {
    if (this.#isEnded()) return;
    if (this.#ending) this.#ending.resolve(value);
    else this.#settle = ({ resolve }) => resolve(value);
  }

  reject(reason: unknown): void {
    if (this.#isEnded()) return;
    if (this.#ending) this.#ending.reject(reason);
    else this.#settle = ({ reject }) => reject(reason);
  }

  entrust(): unknown {
    const ending = this.#ending;
    this.#entrusted = ending && new WeakRef(ending);
    this.#ending = undefined;
    return ending;
  }

  takeBack(): boolean {
    this.#ending ??= this.#entrusted?.deref();
    this.#entrusted = undefined;
    if (this.#ending) this.#settle?.(this.#ending);
    else this.#isEnded();
    return this.#ending !== undefined;
  }

  #join(): void {
    this.isAwaited = true;
    if (!this.isOver && this.#add(ownersOf(currentScope()))) examineLater(this);
  }

  /** @returns whether there is a new one */
  #add(owners: readonly Owner[]): boolean {
    const news = owners.filter((owner) => !this.#owners.includes(owner));
    if (news.length === 0) return false;
    this.#owners = [...this.#owners, ...news];
    for (const owner of news) owner.begin(this);
    return true;
  }

  #isEnded(): boolean {
    if (this.isOver) return true;
    this.isOver = true;
    processWide.pending.delete(this);
    for (const owner of this.#owners) owner.end(this, now());
    return false;
  }
}

const none: readonly never[] = [];

function newEnding<T>(Kind: PromiseConstructor = Promise): Ending<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Kind<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

function sharedEnding<T>(join: () => void): Ending<T> {
  const ending = newEnding<T>(SharedPromise);
  (ending.promise as SharedPromise<T>).join = join;
  return ending;
}
