import { Lab } from './lab.js';
import type { Check, Need } from './types.js';

/** How long a check may take before it has failed. */
const DEADLINE_MS = 10_000;

export function check(
  id: string,
  rule: string,
  title: string,
  body: (lab: Lab) => Promise<void>,
  needs: readonly Need[] = [],
): Check {
  return {
    id,
    rule,
    title,
    needs,
    run: (adapter, { deadlineMs = DEADLINE_MS } = {}) => Lab.run(adapter, deadlineMs, body),
  };
}
