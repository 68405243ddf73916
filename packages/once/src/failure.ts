/** An error on its way to the other replicas and back. */
import type { FailureRecord, SessionInfo } from './store.js';

const STACK_LIMIT = 4_096;
const MESSAGE_LIMIT = 2_048;
const CAUSES = 5;

export function toFailure(error: unknown, where: SessionInfo, attempt: number, final = false): FailureRecord {
  const record = { ...describe(error, CAUSES), host: where.host, pid: where.pid, attempt };
  return final ? { ...record, final } : record;
}

/** The failure of a replica that can no longer tell. */
export function toDeath(owner: { host: string; pid: number } | null, attempt: number): FailureRecord {
  const { host, pid } = owner ?? { host: 'unknown', pid: 0 };
  const message = `replica ${host} (pid ${pid}) ended or stood still during attempt ${attempt}`;
  return { name: 'LeaderDied', message, host, pid, attempt, died: true };
}

/** The error as an object again: name, message, stack, code and causes of the original, not its class. */
export function fromFailure({
  name,
  message,
  code,
  stack,
  cause,
}: Omit<FailureRecord, 'host' | 'pid' | 'attempt'>): Error {
  const error = cause ? new Error(message, { cause: fromFailure(cause) }) : new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}

/** For a line that somebody reads. */
export function messageOf(error: unknown): string {
  return text((Object(error) as { message?: unknown }).message ?? '') || firstOf(Object(error)) || text(error);
}

function describe(error: unknown, causes: number): Omit<FailureRecord, 'host' | 'pid' | 'attempt'> {
  if (!(error instanceof Error) && !isErrorLike(error))
    return { name: 'Error', message: cap(text(error), MESSAGE_LIMIT) };
  const { name, message, stack, code, cause } = error as Error & { code?: unknown };
  return {
    name: cap(text(name), 100),
    message: cap(text(message) || firstOf(error), MESSAGE_LIMIT),
    ...(typeof stack === 'string' && { stack: cap(stack, STACK_LIMIT) }),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(cause !== undefined && causes > 0 && { cause: describe(cause, causes - 1) as FailureRecord }),
  };
}

/** An AggregateError of Node's (a refused connection to several addresses) has no message of its own. */
function firstOf(error: unknown): string {
  const [first] = (error as { errors?: unknown[] }).errors ?? [];
  return first === undefined ? '' : text((first as Error).message ?? first);
}

/** Test runners and vm contexts have Error classes of their own. */
function isErrorLike(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && 'stack' in error;
}

function text(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an unprintable value';
  }
}

const cap = (value: string, limit: number): string => (value.length > limit ? `${value.slice(0, limit)}…` : value);
