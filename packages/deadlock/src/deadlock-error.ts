import { describe, type Verdict } from './verdict.js';
import { helpOf } from './warnings.js';

const brand = Symbol.for('bootstrap-gate.deadlock-error');

/**
 * Refuses a wait that can never end. The message has the whole cycle as a picture, `verdict` has it as data. Only the
 * wait that would close the cycle is refused; the others go on, and end once this one has let go of what it holds.
 */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
  readonly code = 'ERR_GATE_DEADLOCK';
  /** The address of the page that explains the code. */
  readonly help = helpOf('ERR_GATE_DEADLOCK');
  readonly verdict: Verdict;

  constructor(what: string, verdict: Verdict) {
    super(`${what} can never end:\n${describe(verdict)}`);
    this.verdict = verdict;
    Object.defineProperty(this, brand, { value: true });
    void this.stack; // until it is asked for, it keeps alive what the functions were called on: the judge's findings
  }
}

/** Whether a value is a `DeadlockError`, also one made by another copy of this package in the same process. */
export function isDeadlockError(value: unknown): value is DeadlockError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
