/** What becomes of cycles that are proven dead: told, and their newest wait rejected, unless one involved is set otherwise. */
import { modeOfAll, tell } from '../cycle.js';
import { describe } from '../verdict.js';
import { warn } from '../warnings.js';
import type { AnyWait } from '../wait.js';
import type { DeadCycle } from './dead-cycles.js';

/** @returns those of which the newest wait was rejected: that may free others, so look again */
export function sentence(cycles: readonly DeadCycle[]): readonly DeadCycle[] {
  const rejected: DeadCycle[] = [];
  // No method of an array: the stack of the error that rejects would keep it alive, and with it the tokens.
  for (const cycle of cycles) {
    const first = refusedFirst(cycle.waits);
    const mode = first?.on.deadlock ?? modeOfAll(cycle.parties);
    if (mode === 'off' || cycle.waits.every(({ isTold }) => isTold)) continue;
    tell(cycle);
    if (mode === 'warn') {
      for (const wait of cycle.waits) wait.isTold = true;
      warn('GATE_DEADLOCK', `A wait can never end:\n${describe(cycle.verdict)}`);
      continue;
    }
    for (const token of cycle.tokens) token.verdict = cycle.verdict;
    const refused = first ?? cycle.waits.at(-1)!;
    refused.on.refuse(refused, cycle.verdict);
    rejected.push(cycle);
  }
  return rejected;
}

const refusedFirst = (waits: readonly AnyWait[]): AnyWait | undefined =>
  waits.find(({ on }) => on.deadlock !== undefined);
