/**
 * Marks a heap as a garbage collector would, but follows what hangs on a guarded object only once what can open the guard has
 * been reached. What stays unmarked can never run again.
 */
import type { HeapSnapshot } from './heap-snapshot.js';
import type { Guard } from './settlers.js';

export interface MarkingRules {
  readonly guards: ReadonlyMap<number, Guard>;
  /** Nodes of which nothing is followed. */
  readonly ignored: ReadonlySet<number>;
  /** Guarded nodes that stay closed, whatever is reached. */
  readonly sealed?: ReadonlySet<number>;
}

const none: ReadonlySet<never> = new Set();
const nothing: readonly never[] = [];

/** The root of all roots. */
export const ROOT = 0;

export class Marking {
  readonly #heap: HeapSnapshot;
  readonly #guards: ReadonlyMap<number, Guard>;
  readonly #ignored: ReadonlySet<number>;
  readonly #kinds: { weak: number; shortcut: number; internal: number };
  readonly #isEphemeron: readonly boolean[];
  readonly #reactionsName: number;
  readonly #reaction: number;
  readonly #before: Marking | undefined;
  readonly #marked: Uint8Array;
  readonly #opened = new Set<number>();
  /** The guarded that wait for a node. */
  readonly #waitingFor = new Map<number, number[]>();
  /** The half of an ephemeron that was reached first: the value counts once table and key have been. */
  readonly #halves = new Map<number, number>();
  readonly #queue: number[] = [];
  /** What this marking must not open, whatever it reaches. */
  readonly #sealed: ReadonlySet<number>;
  /** By which node each was reached, where it is asked for. */
  readonly #reachedBy: Map<number, number> | undefined;

  constructor(
    heap: HeapSnapshot,
    { guards, ignored, sealed = none }: MarkingRules,
    /** A marking that this one continues, and leaves as it is. */
    before?: Marking,
  ) {
    this.#heap = heap;
    this.#guards = guards;
    this.#ignored = ignored;
    this.#sealed = sealed;
    this.#before = before;
    if (before) {
      this.#kinds = before.#kinds;
      this.#isEphemeron = before.#isEphemeron;
      this.#reactionsName = before.#reactionsName;
      this.#reaction = before.#reaction;
      this.#marked = before.#marked;
      this.#reachedBy = new Map();
    } else {
      const { edgeKinds, strings } = heap;
      const kind = (name: string): number => edgeKinds.indexOf(name);
      this.#kinds = { weak: kind('weak'), shortcut: kind('shortcut'), internal: kind('internal') };
      this.#isEphemeron = strings.map((name) => name.includes(' pair in WeakMap '));
      this.#reactionsName = strings.indexOf('reactions_or_result');
      this.#reaction = strings.indexOf('system / PromiseReaction');
      this.#marked = new Uint8Array(heap.count);
    }
  }

  /** Marks these, and what follows. */
  from(nodes: readonly number[]): this {
    for (const node of nodes) this.#mark(node, node);
    this.#run();
    return this;
  }

  /** Marks what would follow if `guarded` were settled. */
  asIfOpened(guarded: number): this {
    this.#opened.add(guarded);
    this.#follow(guarded, true);
    this.#run();
    return this;
  }

  has(node: number): boolean {
    return this.#reachedBy?.has(node) === true || this.#marked[node] === 1;
  }

  /** Whether what hangs on a guarded node may still come. */
  isOpened(guarded: number): boolean {
    return this.#opened.has(guarded) || this.#before?.isOpened(guarded) === true;
  }

  /** The nodes on the way to `node`, itself first; of a continued marking only. */
  *wayTo(node: number): Generator<number> {
    let at: number | undefined = node;
    for (let steps = 0; at !== undefined && steps < 10_000; steps++) {
      yield at;
      const by: number | undefined = this.#reachedBy?.get(at);
      at = by === at ? undefined : by;
    }
  }

  /** What was reached, nearest first; of a continued marking only. */
  inOrder(): Iterable<number> {
    return this.#reachedBy?.keys() ?? [];
  }

  #mark(node: number, by: number): void {
    if (this.has(node)) return;
    if (this.#reachedBy) this.#reachedBy.set(node, by);
    else this.#marked[node] = 1;
    this.#queue.push(node);
  }

  #run(): void {
    // A node that was reached before the continuation may open what was reached in it, never the other way round.
    for (let i = 0; i < this.#queue.length; i++) {
      const node = this.#queue[i]!;
      this.#visit(node);
      this.#release(node);
    }
    this.#queue.length = 0;
  }

  #visit(node: number): void {
    if (this.#ignored.has(node)) return;
    const guard = this.#guards.get(node);
    if (!guard || (this.opens(guard) && !this.#sealed.has(node))) {
      this.#opened.add(node);
      this.#follow(node, true);
      return;
    }
    if (!guard.whole) this.#follow(node, false);
    for (const need of guard.needs) {
      const known = this.#waitingFor.get(need);
      if (known) known.push(node);
      else this.#waitingFor.set(need, [node]);
    }
  }

  /** Whether what a guard needs has been reached. */
  opens({ needs, all }: Guard): boolean {
    return all ? needs.every((need) => this.has(need)) : needs.some((need) => this.has(need));
  }

  /** Opens what waited for `node`, in this marking and in the one before. */
  #release(node: number): void {
    for (const guarded of this.#heldBy(node)) {
      const guard = this.#guards.get(guarded)!;
      if (this.isOpened(guarded) || this.#sealed.has(guarded) || !this.opens(guard)) continue;
      this.#opened.add(guarded);
      this.#follow(guarded, true);
    }
  }

  #heldBy(node: number): readonly number[] {
    const here = this.#waitingFor.get(node) ?? nothing;
    const before = this.#before ? this.#before.#heldBy(node) : nothing;
    return before.length === 0 ? here : [...here, ...before];
  }

  #follow(node: number, withReactions: boolean): void {
    const { edges, firstEdge } = this.#heap;
    const { weak, shortcut, internal } = this.#kinds;
    for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i += 3) {
      const kind = edges[i]!;
      if (kind === weak || kind === shortcut) continue;
      const name = edges[i + 1]!;
      const target = edges[i + 2]!;
      if (kind === internal && this.#isEphemeron[name] && !this.#completes(name, node)) continue;
      const isReaction =
        kind === internal && name === this.#reactionsName && this.#heap.nameOf(target) === this.#reaction;
      if (withReactions || !isReaction) this.#mark(target, node);
    }
  }

  /** Whether the other end of this ephemeron has been reached. */
  #completes(ephemeron: number, end: number): boolean {
    const half = this.#halves.get(ephemeron) ?? (this.#before ? this.#before.#halves.get(ephemeron) : undefined);
    if (half === undefined) this.#halves.set(ephemeron, end);
    return half !== undefined && half !== end;
  }
}
