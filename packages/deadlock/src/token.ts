/**
 * What a wait depends on, in a form that can be proven: a token is held by exactly one thing whose life means "this may still
 * end". Whoever makes one must take care that nothing else holds it, no closure either.
 */
import { isPromise } from 'node:util/types';
import type { Place } from './call-site.js';
import { NativePromise } from './native-promise.js';
import type { Party } from './owner.js';
import { SharedPromise } from './shared-promise.js';
import type { Verdict } from './verdict.js';

export interface TokenOf {
  /** What holds it, as verdicts call it, such as `step "load" of gate "shop"`. */
  readonly label: string;
  /** Where it was taken, when it is of a lock. */
  readonly at?: Place | undefined;
  /** Has a say in what becomes of a cycle through it. */
  readonly party?: Party | undefined;
  /** Of several that a wait needs: the one that verdicts go by, such as the bootstrap of a gate rather than its steps. */
  readonly isMain?: boolean;
  /** Set where the end may come without its holder as well, such as by `mutex.release()`. */
  readonly isReplaceable?: boolean;
}

export class Token implements TokenOf {
  label: string;
  readonly at: Place | undefined;
  readonly party: Party | undefined;
  readonly isReplaceable: boolean;
  readonly isMain: boolean;
  /** Its place in the list of its `Until`; -1: it is in none. */
  index = -1;
  /** What it alone keeps alive while a proof by collection is under way. */
  entrusted: unknown[] | undefined = undefined;
  /** The latest verdict on a cycle through it. */
  verdict: Verdict | undefined = undefined;

  constructor({ label, at, party, isReplaceable = false, isMain = false }: TokenOf) {
    this.label = label;
    this.at = at;
    this.party = party;
    this.isReplaceable = isReplaceable;
    this.isMain = isMain;
  }
}

/** The tokens that the end of a wait takes: all of them, or any. The judge never follows it. */
export class Until {
  readonly needs: 'all' | 'any';
  /** Set where the end may also come from elsewhere: then nothing is proven. */
  isOpen = false;
  readonly #tokens: Token[] = [];
  #weak: readonly WeakRef<Token>[] = [];

  constructor(needs: 'all' | 'any') {
    this.needs = needs;
  }

  get tokens(): readonly Token[] {
    return this.#tokens;
  }

  add(token: Token): void {
    const first = this.#tokens[0];
    if (token.isMain && first) this.#put(first, this.#tokens.length);
    this.#put(token, token.isMain ? 0 : this.#tokens.length);
  }

  delete(token: Token): void {
    const { index } = token;
    token.index = -1;
    if (this.#tokens[index] !== token) return;
    const last = this.#tokens.pop()!;
    if (last === token) return;
    this.#put(last, index);
  }

  #put(token: Token, index: number): void {
    this.#tokens[index] = token;
    token.index = index;
  }

  /** Lets go of the tokens until `strengthen`, so that a collection tells which of them still have their holder. */
  weaken(): void {
    this.#weak = this.#tokens.map((token) => new WeakRef(token));
    this.#tokens.length = 0;
  }

  strengthen(): void {
    const kept = this.#weak.map((ref) => ref.deref()).filter((token) => token !== undefined && token.index >= 0);
    this.#weak = [];
    for (const token of kept as Token[]) {
      token.entrusted = undefined;
      this.add(token);
    }
  }
}

/**
 * Makes an `Until` depend on the end of some work. What is no native promise, or has a `then` of its own, may have its result
 * from anywhere and adds nothing: where all parts are needed, the others may still prove something.
 *
 * @returns ends it, where the work no longer counts although it has not ended
 */
export function dependOn(until: Until, work: unknown, of: TokenOf): () => void {
  if (!isOnlyPromise(work)) return () => {};
  const token = new Token(of);
  const end = endOf(until, token);
  work.then(end, end);
  return leaveOf(until, new WeakRef(token));
}

/** One whose result comes from nowhere else: a native promise, or that of a wait that is shared. */
const isOnlyPromise = (work: unknown): work is Promise<unknown> =>
  isPromise(work) && (work.then === NativePromise.prototype.then || work instanceof SharedPromise);

const leaveOf = (until: Until, ref: WeakRef<Token>) => (): void => {
  const token = ref.deref();
  if (token) until.delete(token);
};

// A scope of its own: a closure keeps all variables of its scope alive, and the caller's have no business with the token.
function endOf(until: Until, token: Token): () => void {
  until.add(token);
  return () => until.delete(token);
}
