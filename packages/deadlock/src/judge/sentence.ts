/** What becomes of cycles that are proven dead: told, and their newest wait rejected, unless one involved is set otherwise. */
import { modeOfAll, tell } from '../cycle.js';
import { describe } from '../verdict.js';
import { warn } from '../warnings.js';
import type { DeadCycle } from './dead-cycles.js';

/** @returns those of which the newest wait was rejected: that may free others, so look again */
export function sentence(cycles: readonly DeadCycle[]): readonly DeadCycle[] {
  return cycles.filter((cycle) => {
    const mode = modeOfAll(cycle.parties);
    const newest = cycle.waits.at(-1)!;
    if (mode === 'off' || cycle.waits.every(({ isTold }) => isTold)) return false;
    tell(cycle);
    if (mode === 'throw') {
      for (const token of cycle.tokens) token.verdict = cycle.verdict;
      newest.on.refuse(newest, cycle.verdict);
      return true;
    }
    for (const wait of cycle.waits) wait.isTold = true;
    warn('GATE_DEADLOCK', `A wait can never end:\n${describe(cycle.verdict)}`);
    return false;
  });
}
