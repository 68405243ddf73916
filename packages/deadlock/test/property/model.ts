/**
 * What is true of a scene: who has each lock, who waits in which order, and who can never go on. It shares nothing with the
 * package, and asks no mutex and no gate.
 */
import type { Action, Program, Scene } from './actions.js';
import { bootstrapLabel, gateLabel, gateName, holderLabel, lockLabel, stepLabel } from './names.js';

/** An owner, as verdicts call it; what is part of another waits for it as well. */
interface OwnerName {
  readonly label: string;
  readonly isPart: boolean;
}

class Refused extends Error {}

type Blocked =
  | { readonly on: 'lock'; readonly lock: Lock; readonly mode: 'take' | 'free'; readonly priority: number }
  | { readonly on: 'gate'; readonly gate: GateState }
  | { readonly on: 'step'; readonly step: Fiber }
  | { readonly on: 'parts' };

interface Fiber {
  readonly id: string;
  /** On whose behalf it runs, the innermost last. */
  readonly owners: OwnerName[];
  code: Generator<'turn' | 'blocked', void>;
  blocked: Blocked | undefined;
  readonly children: Map<string, Fiber>;
  readonly whenDone: (error: Refused | undefined) => void;
  forks: number;
}

interface Lock {
  readonly label: string;
  holder: { readonly fiber: Fiber; readonly owner: string | undefined; readonly byAcquire: boolean } | undefined;
  /** The order in which they will have it. */
  readonly queue: Fiber[];
}

interface GateState {
  readonly name: string;
  readonly program: Program;
  fiber: Fiber | undefined;
  isReady: boolean;
}

/** A wait that closes a cycle. */
export interface Closing {
  readonly fiber: string;
  /** Whether it is more than what the graph believes: nobody in the cycle can go on. */
  readonly isStuck: boolean;
  /** Owner and what it waits for, of all waits there are at that moment, the closing one included. */
  readonly waits: ReadonlySet<string>;
  /** Whose end brings what is waited for. */
  readonly holders: ReadonlyMap<string, string>;
  /** How many links the shortest cycle of owners has. */
  readonly length: number;
}

export class Model {
  readonly #locks: readonly Lock[];
  readonly #gates: readonly GateState[];
  readonly #refuses: boolean;
  readonly #fibers = new Set<Fiber>();
  readonly #ready = new Map<string, Fiber>();
  /** Who can go on, and does before the next move. */
  readonly #due: { readonly fiber: Fiber; readonly error: Refused | undefined }[] = [];
  readonly closings: Closing[] = [];
  readonly done = new Set<string>();
  /** Whether somebody waits who can never go on, known to the graph or not. */
  hasDeadlock = false;

  /** @param refuses whether a wait that closes a cycle is refused, or just hangs */
  constructor(scene: Scene, refuses: boolean) {
    this.#refuses = refuses;
    this.#locks = Array.from({ length: scene.locks }, (_, lock) => ({
      label: lockLabel(lock),
      holder: undefined,
      queue: [],
    }));
    this.#gates = scene.gates.map((program, gate) => ({
      name: gateName(gate),
      program,
      fiber: undefined,
      isReady: false,
    }));
    scene.programs.forEach((program, number) => this.#begin(String(number), program, [], () => {}));
    this.#settle();
  }

  get ready(): string[] {
    return [...this.#ready.keys()].sort();
  }

  move(id: string): void {
    const fiber = this.#ready.get(id);
    if (!fiber) throw new Error(`${id} cannot go on`);
    this.#ready.delete(id);
    this.#resume(fiber);
    this.#settle();
  }

  // ---- the programs ----

  #begin(id: string, program: Program, owners: readonly OwnerName[], whenDone: Fiber['whenDone']): Fiber {
    const fiber: Fiber = {
      id,
      owners: [...owners],
      code: undefined as never,
      blocked: undefined,
      children: new Map(),
      whenDone,
      forks: 0,
    };
    fiber.code = this.#program(fiber, program);
    this.#fibers.add(fiber);
    this.#resume(fiber);
    return fiber;
  }

  *#program(fiber: Fiber, program: Program): Generator<'turn' | 'blocked', void> {
    for (const action of program) {
      yield 'turn';
      try {
        yield* this.#perform(fiber, action);
      } catch (error) {
        if (!(error instanceof Refused) || !action.catches) throw error;
      }
    }
  }

  *#perform(fiber: Fiber, action: Action): Generator<'turn' | 'blocked', void> {
    switch (action.kind) {
      case 'pause':
        return;
      case 'run':
      case 'acquire': {
        const lock = this.#locks[action.lock] as Lock;
        yield* this.#take(fiber, lock, action.priority);
        const owner = { label: holderLabel(action.lock), isPart: true };
        if (action.kind === 'run') fiber.owners.push(owner);
        const holder = action.kind === 'run' ? owner : ownersOf(fiber)[0];
        lock.holder = { fiber, owner: holder?.label, byAcquire: action.kind === 'acquire' };
        try {
          yield* this.#program(fiber, action.body);
          yield 'turn';
        } finally {
          if (action.kind === 'run') fiber.owners.pop();
          this.#release(lock);
        }
        return;
      }
      case 'free': {
        const lock = this.#locks[action.lock] as Lock;
        if (lock.holder) yield* this.#wait(fiber, { on: 'lock', lock, mode: 'free', priority: 0 });
        return;
      }
      case 'gate': {
        const gate = this.#gates[action.gate] as GateState;
        if (gate.isReady) return;
        yield* this.#wait(fiber, { on: 'gate', gate }, () => this.#takeOff(gate));
        return;
      }
      case 'step': {
        const id = this.#fork(fiber);
        const step = this.#child(fiber, id, action.body, [...fiber.owners, { label: stepLabel(id), isPart: false }]);
        if (fiber.children.size > 0) yield* this.#wait(fiber, { on: 'step', step });
        return;
      }
      case 'all': {
        const failures: Refused[] = [];
        for (const part of action.parts) this.#child(fiber, this.#fork(fiber), part, fiber.owners, failures);
        if (fiber.children.size > 0) yield* this.#wait(fiber, { on: 'parts' });
        if (failures[0]) throw failures[0];
      }
    }
  }

  #fork(fiber: Fiber): string {
    return `${fiber.id}.${++fiber.forks}`;
  }

  #child(parent: Fiber, id: string, program: Program, owners: readonly OwnerName[], failures: Refused[] = []): Fiber {
    const child = this.#begin(id, program, owners, (error) => {
      if (error) failures.push(error);
      parent.children.delete(id);
      if (parent.children.size === 0 && parent.blocked) this.#unblock(parent);
    });
    if (this.#fibers.has(child)) parent.children.set(id, child);
    return child;
  }

  #takeOff(gate: GateState): void {
    gate.fiber ??= this.#begin(gate.name, gate.program, [{ label: bootstrapLabel(gate.name), isPart: false }], () => {
      gate.isReady = true;
      for (const fiber of this.#fibers) {
        if (fiber.blocked?.on === 'gate' && fiber.blocked.gate === gate) this.#unblock(fiber);
      }
    });
  }

  // ---- locks ----

  *#take(fiber: Fiber, lock: Lock, priority: number): Generator<'blocked', void> {
    if (!lock.holder) return;
    yield* this.#wait(fiber, { on: 'lock', lock, mode: 'take', priority }, () => {
      const priorities = lock.queue.map(({ blocked }) => (blocked?.on === 'lock' ? blocked.priority : 0));
      lock.queue.splice(priorities.findLastIndex((other) => other >= priority) + 1, 0, fiber);
    });
  }

  #release(lock: Lock): void {
    lock.holder = undefined;
    const next = lock.queue.shift();
    if (next) {
      lock.holder = { fiber: next, owner: undefined, byAcquire: false }; // says more about itself when it goes on
      this.#unblock(next);
      return;
    }
    for (const fiber of this.#fibers) {
      if (fiber.blocked?.on === 'lock' && fiber.blocked.lock === lock) this.#unblock(fiber);
    }
  }

  // ---- who goes on ----

  *#wait(fiber: Fiber, blocked: Blocked, begin = (): void => {}): Generator<'blocked', void> {
    fiber.blocked = blocked;
    const isStuck = this.#isStuck(fiber);
    this.hasDeadlock ||= isStuck;
    const closing = this.#closing(fiber, isStuck);
    if (closing) {
      this.closings.push(closing);
      if (this.#refuses) {
        fiber.blocked = undefined;
        throw new Refused();
      }
    }
    begin();
    yield 'blocked';
  }

  #unblock(fiber: Fiber): void {
    fiber.blocked = undefined;
    this.#due.push({ fiber, error: undefined });
  }

  #settle(): void {
    for (let next = this.#due.shift(); next; next = this.#due.shift()) this.#resume(next.fiber);
  }

  #resume(fiber: Fiber): void {
    let error: Refused | undefined;
    try {
      const { value, done } = fiber.code.next();
      if (!done) {
        if (value === 'turn') this.#ready.set(fiber.id, fiber);
        return;
      }
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      error = thrown;
    }
    this.#fibers.delete(fiber);
    this.done.add(fiber.id);
    fiber.whenDone(error);
  }

  // ---- the truth ----

  /** Whether what it waits for cannot come before it goes on itself. */
  #isStuck(fiber: Fiber): boolean {
    const seen = new Set<Fiber>();
    const queue = waitsForFibers(fiber);
    for (const at of queue) {
      if (at === fiber) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...waitsForFibers(at));
    }
    return false;
  }

  /** The same by what the graph may know: owners, and who holds a lock as far as it was told. */
  #closing(fiber: Fiber, isStuck: boolean): Closing | undefined {
    const target = labelOf(fiber.blocked);
    const start = holderOf(fiber.blocked);
    if (!target || !start) return undefined;
    const own = ownersOf(fiber).map(({ label }) => label);
    const { blocked } = fiber;
    const mayLetGo = blocked?.on === 'lock' && blocked.lock.holder?.byAcquire && own.includes(start);
    if (mayLetGo) return undefined;

    const waits = new Set<string>();
    const holders = new Map<string, string>();
    const next = new Map<string, Set<string>>();
    for (const other of this.#fibers) {
      const label = labelOf(other.blocked);
      const holder = holderOf(other.blocked);
      if (!label || !holder) continue;
      holders.set(label, holder);
      for (const owner of ownersOf(other)) {
        waits.add(`${owner.label} -> ${label}`);
        if (other !== fiber) next.set(owner.label, (next.get(owner.label) ?? new Set()).add(holder));
      }
    }
    const far = new Map([[start, 1]]);
    for (const [owner, length] of far) {
      if (own.includes(owner)) return { fiber: fiber.id, isStuck, waits, holders, length };
      for (const after of next.get(owner) ?? []) if (!far.has(after)) far.set(after, length + 1);
    }
    return undefined;
  }
}

/** Those who have to finish, or to go on as far as their release. */
function waitsForFibers({ blocked, children }: Fiber): Fiber[] {
  if (blocked?.on === 'lock') return blocked.lock.holder ? [blocked.lock.holder.fiber] : [];
  if (blocked?.on === 'gate') return blocked.gate.fiber ? [blocked.gate.fiber] : [];
  return blocked ? [...children.values()] : [];
}

/** The owners that wait with it, the innermost first. */
function ownersOf({ owners }: Fiber): OwnerName[] {
  const outermost = owners.findLastIndex(({ isPart }) => !isPart);
  return owners.slice(Math.max(0, outermost)).reverse();
}

function labelOf(blocked: Blocked | undefined): string | undefined {
  if (blocked?.on === 'lock') return blocked.lock.label;
  if (blocked?.on === 'gate') return gateLabel(blocked.gate.name);
  return blocked?.on === 'step' ? stepLabel(blocked.step.id) : undefined;
}

function holderOf(blocked: Blocked | undefined): string | undefined {
  if (blocked?.on === 'lock') return blocked.lock.holder?.owner;
  if (blocked?.on === 'gate') return blocked.gate.fiber && bootstrapLabel(blocked.gate.name);
  return blocked?.on === 'step' ? stepLabel(blocked.step.id) : undefined;
}
