/** Programs over mutexes and gates, as data, so that they can be generated, shrunk, and run on the real thing and on a model. */
import fc from 'fast-check';

export type Action =
  | { readonly kind: 'pause' }
  /** `runExclusive`: holds the lock while the body runs. */
  | { readonly kind: 'run'; readonly lock: number; readonly priority: number; readonly body: Program }
  /** `acquire`, the body, and the releaser. */
  | { readonly kind: 'acquire'; readonly lock: number; readonly priority: number; readonly body: Program }
  /** `waitForUnlock`. */
  | { readonly kind: 'free'; readonly lock: number }
  /** `ensureReady`. */
  | { readonly kind: 'gate'; readonly gate: number }
  /** `boot.step`, inside a bootstrap. */
  | { readonly kind: 'step'; readonly body: Program }
  /** Waits for all of them, and then fails if one has failed. */
  | { readonly kind: 'all'; readonly parts: readonly Program[] };

/** One after another. What is refused ends the program, and the ones around it as far as `catches` says. */
export type Program = readonly (Action & { readonly catches: boolean })[];

/** Some programs at once, over some mutexes, and over gates with a bootstrap each. */
export interface Scene {
  readonly locks: number;
  readonly gates: readonly Program[];
  readonly programs: readonly Program[];
  /** Whose turn it is: one of those who could go on, by its number among them. */
  readonly choices: readonly number[];
}

const number = fc.nat({ max: 5 });
const priority = fc.constantFrom(0, 0, 0, 1, 2);
const catches = fc.boolean();
const of = <K extends Action['kind']>(kind: K) => fc.constant(kind);

/** Programs without sense yet: the numbers in them get theirs from one of the orders below. */
const raw = fc.letrec<{ program: Program; action: Program[number] }>((tie) => ({
  program: fc.array(tie('action'), { maxLength: 3, depthIdentifier: 'program' }),
  action: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'program' },
    { weight: 1, arbitrary: fc.record({ kind: of('pause'), catches }) },
    { weight: 8, arbitrary: fc.record({ kind: of('run'), lock: number, priority, body: tie('program'), catches }) },
    { weight: 3, arbitrary: fc.record({ kind: of('acquire'), lock: number, priority, body: tie('program'), catches }) },
    { weight: 2, arbitrary: fc.record({ kind: of('free'), lock: number, catches }) },
    { weight: 2, arbitrary: fc.record({ kind: of('gate'), gate: number, catches }) },
    { weight: 2, arbitrary: fc.record({ kind: of('step'), body: tie('program'), catches }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: of('all'), parts: fc.array(tie('program'), { maxLength: 3 }), catches }),
    },
  ),
})).program;

const rawScene = (most: { readonly locks: number; readonly gates: number }): fc.Arbitrary<Scene> =>
  fc.record({
    locks: fc.integer({ min: 2, max: most.locks }),
    gates: fc.array(raw, { maxLength: most.gates }),
    programs: fc.array(raw, { minLength: 2, maxLength: 4 }),
    choices: fc.array(number, { minLength: 1, maxLength: 40 }),
  });

// ---- what a program may do, by where it stands ----

/** What can be had from a place: numbers of locks and gates for raw numbers, or none. */
interface Reach {
  lock(raw: number): number | undefined;
  gate(raw: number): number | undefined;
  /** While this lock is held. */
  holding(lock: number): Reach;
}

interface Where {
  readonly reach: Reach;
  /** Whether it runs alone in its owner: `acquire()` does not tell the branches of an owner apart. */
  readonly isAlone: boolean;
  readonly inBootstrap: boolean;
}

interface Kinds {
  readonly acquire: boolean;
  readonly all: boolean;
}

const outside = (reach: Reach): Where => ({ reach, isAlone: true, inBootstrap: false });
const inBootstrap = (reach: Reach): Where => ({ reach, isAlone: true, inBootstrap: true });

function placed(program: Program, where: Where, kinds: Kinds): Program {
  return program.flatMap((action): Program => {
    const inPlace = placedAction(action, where, kinds);
    // A bootstrap that fails would have to be told to those who wait for it, which is not what is tested here.
    return inPlace ? [{ ...inPlace, catches: action.catches || where.inBootstrap }] : [];
  });
}

function placedAction(action: Action, where: Where, kinds: Kinds): Action | undefined {
  const { reach } = where;
  switch (action.kind) {
    case 'pause':
      return action;
    case 'all': {
      const parts = kinds.all ? action.parts : action.parts.slice(0, 1);
      return { ...action, parts: parts.map((part) => placed(part, { ...where, isAlone: false }, kinds)) };
    }
    case 'step':
      return where.inBootstrap
        ? { ...action, body: placed(action.body, { ...where, isAlone: true }, kinds) }
        : undefined;
    case 'gate': {
      const gate = reach.gate(action.gate);
      return gate === undefined ? undefined : { ...action, gate };
    }
    case 'free': {
      const lock = reach.lock(action.lock);
      return lock === undefined ? undefined : { ...action, lock };
    }
    default: {
      const lock = reach.lock(action.lock);
      if (lock === undefined) return undefined;
      const kind = kinds.acquire && where.isAlone ? action.kind : 'run';
      const isAlone = kind === 'run' || where.isAlone;
      const body = placed(action.body, { ...where, reach: reach.holding(lock), isAlone }, kinds);
      return { ...action, kind, lock, body };
    }
  }
}

// ---- orders ----

function inAnyOrder(locks: number, gates: number): Reach {
  const reach: Reach = {
    lock: (raw) => raw % locks,
    gate: (raw) => (gates > 0 ? raw % gates : undefined),
    holding: () => reach,
  };
  return reach;
}

/** Locks and gates by turns, in one order for all: from `lowest` upwards. */
function upwards({ locks, gates }: Pick<Scene, 'locks' | 'gates'>, lowest: number): Reach {
  const pick = (raw: number, count: number, rankOf: (number: number) => number): number | undefined => {
    const higher = numbers(count).filter((number) => rankOf(number) >= lowest);
    return higher.length > 0 ? higher[raw % higher.length] : undefined;
  };
  return {
    lock: (raw) => pick(raw, locks, rankOfLock),
    gate: (raw) => pick(raw, gates.length, rankOfGate),
    holding: (lock) => upwards({ locks, gates }, rankOfLock(lock) + 1),
  };
}

const rankOfLock = (lock: number): number => 2 * lock;
const rankOfGate = (gate: number): number => 2 * gate + 1;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** Any order, but nothing twice. */
const notTwice = (locks: number, held: ReadonlySet<number>): Reach => ({
  lock: (raw) => {
    const left = numbers(locks).filter((lock) => !held.has(lock));
    return left.length > 0 ? left[raw % left.length] : undefined;
  },
  gate: () => undefined,
  holding: (lock) => notTwice(locks, new Set([...held, lock])),
});

const anyOrderOf = (kinds: Kinds): fc.Arbitrary<Scene> =>
  rawScene({ locks: 4, gates: 2 }).map((scene) => {
    const place = (where: Where) => (program: Program) => placed(program, where, kinds);
    const reach = inAnyOrder(scene.locks, scene.gates.length);
    return {
      ...scene,
      gates: scene.gates.map(place(inBootstrap(reach))),
      programs: scene.programs.map(place(outside(reach))),
    };
  });

/** Mutexes with `runExclusive` and `waitForUnlock`, gates and steps, whichever way. */
export const anyOrder = anyOrderOf({ acquire: false, all: true });

/** The same with `acquire` as well. */
export const anyOrderWithAcquire = anyOrderOf({ acquire: true, all: true });

/** Everything that there is, in one order for all. */
export const oneOrder = rawScene({ locks: 5, gates: 3 }).map((scene): Scene => {
  const place = (where: Where, program: Program) => placed(program, where, { acquire: true, all: true });
  return {
    ...scene,
    gates: scene.gates.map((program, gate) => place(inBootstrap(upwards(scene, rankOfGate(gate) + 1)), program)),
    programs: scene.programs.map((program) => place(outside(upwards(scene, 0)), program)),
  };
});

/** Any order, under a lock that is held around everything. */
export const underGuard = rawScene({ locks: 5, gates: 0 }).map((scene): Scene => {
  const reach = notTwice(scene.locks, new Set([0]));
  return {
    ...scene,
    programs: scene.programs.map((program) => [
      {
        kind: 'run',
        lock: 0,
        priority: 0,
        body: placed(program, outside(reach), { acquire: true, all: false }),
        catches: false,
      },
    ]),
  };
});
