import { OnceError } from './errors.js';

const LIMIT = 64 * 1024;

/** A step's result as JSON. A result that the other replicas could not get back is refused, never cut. */
export function toResult(step: string, value: unknown): string | null {
  if (value === undefined) return null;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw refusal(step, `is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (text === undefined) throw refusal(step, `is not JSON: a ${typeof value} has no JSON text`);
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMIT) throw refusal(step, `has ${bytes} bytes as JSON, more than the limit of ${LIMIT}`);
  return text;
}

/** What every replica gets, the one that ran the step included. */
export function fromResult(text: string | null): unknown {
  return text === null ? undefined : (JSON.parse(text) as unknown);
}

function refusal(step: string, why: string, options?: ErrorOptions): OnceError {
  const advice = 'Return what the other replicas need (counts, names), and keep the rest in the database.';
  return new OnceError('ERR_ONCE_RESULT', `the result of step ${JSON.stringify(step)} ${why}. ${advice}`, options);
}
