/** The public types of a plan: what the compiler knows of its names and results. */
import type { Boot, BootstrapObject, StepContext, StepOptions } from '../kit/types.js';

/** The options of a step, but for `needs`, which is an argument of its own. `O` is what `optional` says. */
export interface PlanStepOptions<T, O extends boolean = boolean> extends Omit<StepOptions<T>, 'needs' | 'optional'> {
  /** Its failure is reported, gives `undefined`, and does not fail the flight. Default false. */
  readonly optional?: O | undefined;
}

/**
 * A bootstrap as a graph of steps, with results of type `R` by name. It never changes: `step` gives another plan, so one
 * plan may serve several gates, and be extended twice in different ways.
 */
export interface Plan<R> extends BootstrapObject<PlanValue<R>> {
  /**
   * Adds a step: `step(name, needs?, fn, options?)`. `fn` gets the results of its needs by name, and then what the function
   * of `boot.step` gets.
   *
   * A need that no earlier step defines does not compile, nor does a name that is taken. Names that the compiler does
   * not know, such as a `string`, are looked at when the gate is created.
   *
   * @throws TypeError for a wrong argument or option, naming it and the rule
   */
  step<N extends string, T, O extends boolean = false>(
    name: UnusedName<N, R>,
    fn: (needs: Record<never, never>, context: StepContext) => T | PromiseLike<T>,
    options?: PlanStepOptions<T, O>,
  ): Plan<WithStep<R, N, T, O>>;
  /** Adds a step that needs others. */
  step<N extends string, K extends keyof R & string, T, O extends boolean = false>(
    name: UnusedName<N, R>,
    needs: readonly K[],
    fn: (needs: { [Need in K]: R[Need] }, context: StepContext) => T | PromiseLike<T>,
    options?: PlanStepOptions<T, O>,
  ): Plan<WithStep<R, N, T, O>>;
  /**
   * Runs the steps, each as soon as its needs are met: those without any in this tick. When one fails, the others of
   * this run are aborted, and those that have not begun never do.
   *
   * @param boot what a gate hands to its bootstrap
   * @throws (rejects with) the first failure, when all running steps have settled; what `check` throws
   */
  run(boot: Boot): Promise<PlanValue<R>>;
  /** Called when a gate is created. @throws `ERR_GATE_INVALID_PLAN` with all that is wrong: names, needs, cycles */
  check(): void;
  /** The graph as a Mermaid flowchart, also of an invalid plan: needs that no step defines are dashed. */
  toMermaid(): string;
}

/** The results of a plan as one object type. (Flattened at each step instead, fifty steps would be too deep a type.) */
export type PlanValue<R> = R extends infer All ? { [Name in keyof All]: All[Name] } : never;

/** `N`, unless it is taken: then a text that says so, to which no name can be assigned. */
export type UnusedName<N extends string, R> = N extends keyof KnownResults<R> ? `the name "${N}" is taken` : N;

/** `R` and the result of one more step. Under a name that the compiler does not know it may be any of those. */
export type WithStep<R, N extends string, T, O extends boolean> = N extends string
  ? Record<never, never> extends Record<N, unknown>
    ? KnownResults<R> & { [name: string]: StepResult<T, O> | (string extends keyof R ? R[keyof R & string] : never) }
    : R & { [Name in N]: StepResult<T, O> }
  : never;

/** The results whose names the compiler knows. */
export type KnownResults<R> = { [Name in keyof R as string extends Name ? never : Name]: R[Name] };

/** What a step leaves: also `undefined`, where it is optional. */
export type StepResult<T, O extends boolean> = O extends true ? T | undefined : T;
