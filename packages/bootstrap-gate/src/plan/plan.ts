/**
 * Floor `plan`: a bootstrap as a typed graph: checked, run, drawn. Not here: anything that a bootstrap written by hand could not
 * use.
 */
import type { Boot } from '../kit/types.js';
import { callSite } from '@bootstrap-gate/deadlock/adapter';
import { openStepGroup } from '../startup/bootstrap/step-group.js';
import { checkSteps } from './check.js';
import { drawSteps } from './mermaid.js';
import { type PlannedStep, readStep } from './planned-step.js';
import { runSteps } from './run.js';
import type { Plan } from './types.js';

/** An empty plan. Its steps are added with `step`, and run when a gate has it as its bootstrap. */
export function plan(): Plan<Record<never, never>> {
  return new StepPlan(undefined) as unknown as Plan<Record<never, never>>;
}

/** Shared by the plans that begin with the same steps. */
interface Chain {
  readonly earlier: Chain | undefined;
  readonly last: PlannedStep;
}

class StepPlan {
  readonly #chain: Chain | undefined;

  constructor(chain: Chain | undefined) {
    this.#chain = chain;
    Object.freeze(this);
  }

  step(name: unknown, ...rest: readonly unknown[]): StepPlan {
    return new StepPlan({ earlier: this.#chain, last: readStep(name, rest, callSite(this.step)) });
  }

  run(boot: Boot): Promise<object> {
    const group = openStepGroup(boot);
    const run = async (): Promise<object> => {
      this.check();
      return runSteps(this.#steps, group);
    };
    return group.adopt(run());
  }

  check(): void {
    checkSteps(this.#steps);
  }

  toMermaid(): string {
    return drawSteps(this.#steps);
  }

  get #steps(): PlannedStep[] {
    const steps: PlannedStep[] = [];
    for (let chain = this.#chain; chain; chain = chain.earlier) steps.push(chain.last);
    return steps.reverse();
  }
}
