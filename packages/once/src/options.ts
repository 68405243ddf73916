/** Wrong arguments are a TypeError when they are given, naming the option, the rule, what was given and what was meant. */
import { hostname } from 'node:os';
import type { OnceOptions, StepOptions } from './types.js';

/** Defaults, compared with the docs by a test. */
export const defaults = Object.freeze({
  leaseMs: 30_000,
  attempts: 5,
  retryMs: 500,
  maxRetryMs: 30_000,
  schema: 'bootstrap_once',
});

export interface StepSettings {
  readonly key: string;
  readonly order: number | null;
  readonly attempts: number;
  readonly retryMs: number;
  readonly durable: boolean;
}

export interface OnceSettings {
  readonly namespace: string;
  readonly leaseMs: number;
  readonly replica: string;
}

export function readOnceOptions(where: string, given: unknown, alsoKnown: readonly string[] = []): OnceSettings {
  const options = readObject<OnceOptions>(where, given, ['namespace', 'leaseMs', 'replica', ...alsoKnown]);
  const { namespace, leaseMs = defaults.leaseMs, replica = hostname() } = options;
  checkText(where, 'namespace', namespace, 128);
  checkText(where, 'replica', replica, 256);
  if (typeof leaseMs !== 'number' || !(leaseMs >= 300 && leaseMs <= 3_600_000)) {
    throw wrong(where, 'leaseMs', 'must be a number of milliseconds from 300 to 3600000', leaseMs);
  }
  return { namespace, leaseMs: Math.round(leaseMs), replica };
}

const stepOptions = ['key', 'order', 'attempts', 'retryMs', 'durable'];

/** Names that people try, with the reason why they do not belong here. */
const elsewhere: Readonly<Record<string, string>> = {
  stop:
    'does not belong to shared work: a failed start of one replica must not undo what all of them use. ' +
    'Open connections in a step of their own, and give that one a stop',
  timeoutMs: 'belongs to the step: boot.step(name, once.run(…), { timeoutMs })',
  retry: 'is called attempts here, because attempts are counted across replicas',
  version: 'is called key (any string) or order (an integer)',
  name: "is the step's name: boot.step(name, once.run(…))",
  leaseMs: 'belongs to the store, next to namespace',
};

export function readStepOptions(where: string, given: unknown): StepSettings {
  const { key, order, attempts, retryMs, durable } = readObject<StepOptions>(where, given, stepOptions, elsewhere);
  if (order !== undefined && !Number.isSafeInteger(order)) throw wrong(where, 'order', 'must be a whole number', order);
  if (key === undefined && order === undefined) {
    throw new TypeError(
      `${where}: one of the options "key" and "order" is needed: it says which version of the work this is`,
    );
  }
  if (key !== undefined) checkText(where, 'key', key, 512);
  checkCount(where, 'attempts', attempts);
  if (retryMs !== undefined && !(typeof retryMs === 'number' && retryMs > 0 && retryMs <= 3_600_000)) {
    throw wrong(where, 'retryMs', 'must be a number of milliseconds above 0, at most 3600000', retryMs);
  }
  if (durable !== undefined && typeof durable !== 'boolean')
    throw wrong(where, 'durable', 'must be true or false', durable);
  return {
    key: key ?? String(order),
    order: order ?? null,
    attempts: attempts ?? defaults.attempts,
    retryMs: retryMs ?? defaults.retryMs,
    durable: durable ?? true,
  };
}

export function checkText(where: string, option: string, value: unknown, limit: number): asserts value is string {
  if (typeof value !== 'string') throw wrong(where, option, `must be a string of 1 to ${limit} bytes`, value);
  if (value === '') throw wrong(where, option, 'must not be empty', value);
  if (value.includes('\0')) throw wrong(where, option, 'must not contain NUL', value);
  const bytes = Buffer.from(value);
  // Half a surrogate pair becomes U+FFFD in every store, and two keys would be one.
  if (bytes.toString() !== value) throw wrong(where, option, 'must be well-formed Unicode', value);
  if (bytes.length > limit) {
    const advice = limit === 512 ? '; use a hash of it' : '';
    throw new TypeError(`${where}: option "${option}" must have at most ${limit} bytes, not ${bytes.length}${advice}`);
  }
}

export function wrong(where: string, option: string, rule: string, value: unknown): TypeError {
  return new TypeError(`${where}: option "${option}" ${rule}, not ${show(value)}`);
}

export function readObject<T extends object>(
  where: string,
  given: unknown,
  known: readonly string[],
  reasons: Readonly<Record<string, string>> = {},
): Partial<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${where}: the options must be an object, not ${show(given)}`);
  }
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!known.includes(name)) {
      const reason = Object.hasOwn(reasons, name) ? reasons[name] : `is unknown; known are ${known.join(', ')}`;
      throw new TypeError(`${where}: option "${name}" ${reason}`);
    }
    result[name] = value;
  }
  return result as Partial<T>;
}

function checkCount(where: string, option: string, value: unknown): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= 1)) {
    throw wrong(where, option, 'must be a whole number, 1 or more', value);
  }
}

export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
