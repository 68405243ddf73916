/** Who waits for what: owners, and the waits that make the edges of the graph. */
import type { Place } from './call-site.js';
import type { Scope } from './context.js';
import type { HeldLock } from './locks/lock-order.js';
import { processWide } from './process-wide.js';
import type { Verdict } from './verdict.js';

/** What becomes of a wait that can never end: it is rejected, there is a warning, or it is left alone. */
export type DeadlockMode = 'throw' | 'warn' | 'off';

/** Somebody who has a say in what becomes of a deadlock, and is told of it: the gate, or the mutex. */
export interface Party {
  readonly deadlock: DeadlockMode;
  /** Keeps the verdict and tells it to whoever listens. Of all who are involved at least one does, or the graph itself. */
  readonly note?: (verdict: Verdict) => void;
}

/** Something that can be waited for. It is there when its holder has finished, or has let go of it. */
export interface Resource {
  readonly kind: 'gate' | 'step' | 'mutex';
  readonly name: string;
  /** As verdicts and warnings call it, such as `step "load" of gate "shop"`. */
  readonly label: string;
  readonly party: Party;
  /** Whose end brings it; undefined while nobody works on it, and where a mutex is held by nobody known. */
  holder(): Holder | undefined;
  /** Where a mutex was taken that is held now, as far as that is known. */
  takenAt?(): string | undefined;
  /** What to do about a cycle in which `owner` waits for it, while the mutexes `held` are part of the cycle. */
  advice?(owner: string, held: readonly string[]): string;
}

export interface Holder {
  readonly owner: Owner;
  /** Where it was taken, when the resource is a mutex. */
  readonly at?: Place | undefined;
  /**
   * Set when the owner holds it without end of its own, by `acquire()`: the number of waits before. Only waits that began
   * later hold it up; earlier ones are of other branches of the same context.
   */
  readonly since?: number;
}

/** One owner waits for one resource. */
export interface Wait {
  readonly on: Resource;
  /** Epoch ms. */
  readonly since: number;
  /** The place in the user's code. */
  readonly at: string;
  readonly number: number;
}

export function newWait(on: Resource, since: number, at: string): Wait {
  return { on, since, at, number: ++processWide.waits };
}

const brand = Symbol.for('bootstrap-gate.owner');
const none: ReadonlySet<never> = new Set();

/** An async context that others may depend on: a flight, a step, the callback of a mutex. Never a request. */
export class Owner {
  readonly label: string;
  /** Whether it is part of what surrounds it, which then waits for the same: true of the callback of a mutex. */
  readonly isPart: boolean;
  /** Who is told of a cycle through it: the gate of a flight or step, also of a callback in it. */
  readonly party: Party | undefined;
  /** Set when nobody depends on it any more; what is left of it may wait for anything. */
  settled = false;
  /** What its function returned, to be named where it is awaited. */
  result: WeakRef<PromiseLike<unknown>> | undefined;
  #waits: Set<Wait> | undefined;
  #holds: readonly HeldLock[] = [];
  #waitedMs = 0;
  #waitingSince = 0;

  constructor(label: string, { isPart = false, party }: { isPart?: boolean; party?: Party | undefined } = {}) {
    this.label = label;
    this.isPart = isPart;
    this.party = party;
  }

  get [brand](): true {
    return true;
  }

  get waits(): ReadonlySet<Wait> {
    return this.#waits ?? none;
  }

  /** The mutexes that it has taken. */
  get holds(): readonly HeldLock[] {
    return this.#holds;
  }

  take(lock: HeldLock): void {
    this.#holds = [...this.#holds, lock];
  }

  letGo(lock: HeldLock): void {
    this.#holds = this.#holds.filter((held) => held !== lock);
  }

  begin(wait: Wait): void {
    this.#waits ??= new Set();
    if (this.#waits.size === 0) this.#waitingSince = wait.since;
    this.#waits.add(wait);
  }

  end(wait: Wait, now: number): void {
    if (this.#waits?.delete(wait) && this.#waits.size === 0) this.#waitedMs += now - this.#waitingSince;
  }

  /** How long it has been waiting altogether; parallel waits count once. */
  waitedMs(now: number): number {
    return this.#waitedMs + (this.waits.size > 0 ? now - this.#waitingSince : 0);
  }
}

const isOwner = (of: object): of is Owner => brand in of;

/**
 * The owners that cannot finish before the code that runs in `scope` does, the innermost first: the callbacks of mutexes,
 * up to the step or flight around them. Empty for a request, for detached work, and for what is left of a step.
 */
export function ownersOf(scope: Scope | undefined): Owner[] {
  const owners: Owner[] = [];
  for (let at = scope; at; at = at.outer) {
    const { of } = at;
    if (!isOwner(of)) continue;
    if (!of.settled) owners.push(of);
    if (!of.isPart) break;
  }
  return owners;
}

/** The step or flight on whose behalf `scope` runs, also when it has ended. */
export function ownerOf(scope: Scope | undefined): Owner | undefined {
  for (let at = scope; at; at = at.outer) if (isOwner(at.of) && !at.of.isPart) return at.of;
  return undefined;
}

/** The mutexes that are held in `scope`, those of the surrounding steps included. */
export function heldIn(scope: Scope | undefined): HeldLock[] {
  const held: HeldLock[] = [];
  for (let at = scope; at; at = at.outer) {
    if (isOwner(at.of) && !at.of.settled) held.push(...at.of.holds);
  }
  return held;
}

/** Records a wait of all of them until the returned function is called. */
export function recordWait(owners: readonly Owner[], wait: Wait, now: () => number): () => void {
  for (const owner of owners) owner.begin(wait);
  return () => {
    for (const owner of owners) owner.end(wait, now());
  };
}
