import { isGateError, messageOf } from '../../kit/errors.js';
import type { AttemptRecord } from '../../observe/record.js';

/** Says where a flight failed: in which step, and after how many attempts. */
export function failureText(
  gate: string,
  { attempts }: { readonly attempts: readonly AttemptRecord[] },
  cause: unknown,
) {
  const message = messageOf(cause);
  const tries = after(attempts.at(-1)?.attempt ?? 0);
  const step = attempts.at(-1)?.steps.findLast(({ outcome, thrown }) => outcome === 'failed' && thrown === cause);
  // A step that ran into its limit, or into a cycle, says so itself.
  if (!step || isGateError(cause)) return `The bootstrap of gate "${gate}" failed${tries}: ${message}`;
  return `The bootstrap failed${tries}: ${step.owner.label} failed${after(step.attempts)}: ${message}`;
}

const after = (attempts: number): string => (attempts > 1 ? ` after ${attempts} attempts` : '');
