/** What is wrong with a plan, before it runs. */
import { GateError } from '../kit/errors.js';
import { nearest } from '../kit/nearest.js';
import type { PlannedStep } from './planned-step.js';

/** How many problems one error tells of, and how many names of one cycle. */
const SHOWN = 10;

/** @throws `ERR_GATE_INVALID_PLAN`, with each problem on a line of its own */
export function checkSteps(steps: readonly PlannedStep[]): void {
  const lines: string[] = [];
  for (const problem of problems(steps)) {
    lines.push(lines.length < SHOWN ? problem : '… and more');
    if (lines.length > SHOWN) break;
  }
  if (lines.length > 0) throw new GateError('ERR_GATE_INVALID_PLAN', ['This plan cannot run:', ...lines].join('\n  '));
}

function* problems(steps: readonly PlannedStep[]): Generator<string> {
  const times = new Map<string, number>();
  for (const { name } of steps) times.set(name, (times.get(name) ?? 0) + 1);
  for (const [name, count] of times) if (count > 1) yield `step "${name}" is defined ${count} times`;
  for (const { name, needs } of steps) {
    for (const need of needs.filter((need) => !times.has(need))) {
      const hint = nearest(need, times.keys()).map((other) => `"${other}"`);
      yield `step "${name}" needs "${need}", which no step defines (nearest: ${hint.join(', ')})`;
    }
  }
  for (const cycle of cycles(steps)) yield `steps need each other: ${drawn(cycle)}`;
}

/** A cycle for every step that closes one, by walking along the needs; the first name of a cycle is its last, too. */
function* cycles(steps: readonly PlannedStep[]): Generator<string[]> {
  const needsOf = new Map(steps.map(({ name, needs }) => [name, needs]));
  const path = new Set<string>();
  const seen = new Set<string>();
  // Calls would be as deep as the plan is long, so what is left to do is kept here instead.
  const todo = steps.map(({ name }) => ({ name, leave: false })).toReversed();
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { name, leave } = next;
    if (leave) path.delete(name);
    else if (path.has(name)) yield [...[...path].slice([...path].indexOf(name)), name];
    else if (!seen.has(name)) {
      seen.add(name);
      path.add(name);
      todo.push({ name, leave: true });
      for (const need of needsOf.get(name)?.toReversed() ?? []) todo.push({ name: need, leave: false });
    }
  }
}

function drawn(cycle: readonly string[]): string {
  const more = cycle.length - SHOWN;
  const names = more > 0 ? [...cycle.slice(0, SHOWN - 1), `(${more} more)`, ...cycle.slice(-1)] : cycle;
  return names.join(' → ');
}
