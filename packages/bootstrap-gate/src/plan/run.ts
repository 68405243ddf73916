/** One run of a plan. */
import type { StepGroup } from '../startup/bootstrap/step-group.js';
import type { PlannedStep } from './planned-step.js';

/** A step in this run: how many of its needs are not met yet, and whose need it is. */
interface Node {
  readonly step: PlannedStep;
  unmet: number;
  readonly dependents: Node[];
}

/** Fulfils with all results by name. Rejects with the first failure, when all that was started has settled. */
export async function runSteps(steps: readonly PlannedStep[], group: StepGroup): Promise<object> {
  const results = new Map<string, unknown>();
  let failure: { readonly error: unknown } | undefined;

  const startAll = (nodes: readonly Node[]): Promise<unknown> => Promise.all(nodes.map(start));
  const start = async ({ step: { name, needs, fn, options, at }, dependents }: Node): Promise<void> => {
    try {
      results.set(name, await group.step(name, (context) => fn(pick(results, needs), context), options, at));
    } catch (error) {
      failure ??= { error };
      return group.abort(error); // no step starts from here on, whatever its needs
    }
    await startAll(dependents.filter((dependent) => --dependent.unmet === 0));
  };

  await startAll(graphOf(steps).filter(({ unmet }) => unmet === 0));
  if (failure) throw failure.error;
  const names = steps.map(({ name }) => name);
  return pick(results, names);
}

function graphOf(steps: readonly PlannedStep[]): Node[] {
  const nodes = steps.map((step): Node => ({ step, unmet: step.needs.length, dependents: [] }));
  const byName = new Map(nodes.map((node) => [node.step.name, node]));
  for (const node of nodes) for (const need of node.step.needs) byName.get(need)!.dependents.push(node);
  return nodes;
}

/** As own properties, also under a name such as `__proto__`. */
const pick = (results: ReadonlyMap<string, unknown>, names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, results.get(name)]));
