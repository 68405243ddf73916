/**
 * Every error that a gate hands out. One class with a code, because callers branch on the code and because an
 * `instanceof` would fail between two copies of the package; `isGateError` does not.
 */

import type { Verdict } from '@bootstrap-gate/deadlock';
import { helpOf, isDeadlockError } from '@bootstrap-gate/deadlock/adapter';

/** What went wrong, as a stable string. Each code has its heading in docs/errors.md. */
export type GateErrorCode =
  | 'ERR_GATE_BOOTSTRAP_FAILED'
  | 'ERR_GATE_BOOTSTRAP_TIMEOUT'
  | 'ERR_GATE_STEP_TIMEOUT'
  | 'ERR_GATE_WAIT_TIMEOUT'
  | 'ERR_GATE_QUEUE_FULL'
  | 'ERR_GATE_CLOSED'
  | 'ERR_GATE_NOT_READY'
  | 'ERR_GATE_DEADLOCK'
  | 'ERR_GATE_LOOPBACK'
  | 'ERR_GATE_INVALID_PLAN';

/** What a `GateError` may carry beside its code and message. */
export interface GateErrorDetails {
  readonly cause?: unknown;
  readonly verdict?: Verdict | undefined;
}

const brand = Symbol.for('bootstrap-gate.error');

/**
 * A refusal or failure of a gate. Always a fresh object: two waiters of one failed flight get two errors with the same
 * `cause`, so neither can spoil the other's stack or properties.
 */
export class GateError extends Error {
  override readonly name = 'GateError';
  /** Stable code; see docs/errors.md. */
  readonly code: GateErrorCode;
  /** The address of the page that explains the code. */
  readonly help: string;
  /** The HTTP status that a door answers with: 503, and 500 for an invalid plan. */
  readonly status: number;
  /** Why the bootstrap cannot finish, when the gate found out. */
  declare readonly verdict?: Verdict;
  /** Response headers of this denial. A door sets them before it forwards the error to the framework's error handling. */
  declare headers?: Readonly<Record<string, string>>;

  constructor(code: GateErrorCode, message: string, details: GateErrorDetails = {}) {
    super(message, Object.hasOwn(details, 'cause') ? { cause: details.cause } : undefined);
    this.code = code;
    this.help = helpOf(code);
    this.status = code === 'ERR_GATE_INVALID_PLAN' ? 500 : 503;
    if (Object.hasOwn(details, 'verdict') && details.verdict) this.verdict = details.verdict;
    Object.defineProperty(this, brand, { value: true });
    formatStack(this);
  }
}

/** Until its stack is read for the first time, an error keeps alive the functions that it came by, and what these know. */
function formatStack(error: GateError): void {
  try {
    void error.stack;
  } catch {
    // an `Error.prepareStackTrace` that throws
  }
}

/** Whether a value is a `GateError`, also one made by another copy of this package in the same process. */
export function isGateError(value: unknown): value is GateError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** How many errors of an `AggregateError` are told. */
const PARTS = 5;

/**
 * The message of anything that was thrown, also of what is not an Error. An `AggregateError`, such as Node's of a
 * connection that was refused on IPv6 and IPv4, often has no message of its own: it is told by its parts. Never throws.
 */
export function messageOf(thrown: unknown): string {
  try {
    const parts = partsOf(thrown).map((part) => (partsOf(part).length > 0 ? part.name : messageOf(part)));
    const own = String(thrown instanceof Error ? thrown.message || (parts.length > 0 ? '' : thrown.name) : thrown);
    const told = [...new Set(parts.slice(0, PARTS)), ...(parts.length > PARTS ? ['…'] : [])].join('; ');
    return own && told ? `${own} (${told})` : own || told;
  } catch {
    return 'a value that cannot be shown';
  }
}

function partsOf(thrown: unknown): readonly Error[] {
  const { errors } = (thrown instanceof Error ? thrown : {}) as Partial<AggregateError>;
  return Array.isArray(errors) ? (errors as Error[]) : [];
}

/** Anything that was thrown, as plain data: its message and its kind, which is its code, else its name. Never throws. */
export function failureOf(thrown: unknown): { readonly error: string; readonly errorType: string } {
  return { error: messageOf(thrown), errorType: typeOf(thrown) };
}

function typeOf(thrown: unknown): string {
  try {
    const { code, name } = Object(thrown) as { readonly code?: unknown; readonly name?: unknown };
    return [code, name].find((kind): kind is string => typeof kind === 'string' && kind !== '') ?? typeof thrown;
  } catch {
    return 'unknown';
  }
}

/** Of a gate, of a traced lock, or of `@bootstrap-gate/once`. */
const mayCarryVerdict = (error: Error): error is Error & { readonly verdict?: Verdict } =>
  isGateError(error) || isDeadlockError(error) || (error as { code?: unknown }).code === 'ERR_ONCE_DEADLOCK';

/** The verdict that an error carries, or one of its causes. Never throws itself. */
export function verdictOf(thrown: unknown): Verdict | undefined {
  const seen = new Set<unknown>();
  try {
    for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
      if (mayCarryVerdict(error) && error.verdict) return error.verdict;
      seen.add(error);
    }
  } catch {
    // a cause that cannot be looked at carries none
  }
  return undefined;
}
