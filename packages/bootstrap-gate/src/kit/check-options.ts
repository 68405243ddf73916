/**
 * Option checks, as data: one rule a name. A wrong option is a TypeError at creation that names the option and the rule.
 */
import { probable } from './nearest.js';

/** One option: its default, and what is wrong with a value (undefined: nothing). */
export interface OptionRule<T> {
  readonly fallback: T;
  readonly wrong: (value: unknown) => string | WrongPart | undefined;
}

/** What is wrong with a part of a value. */
interface WrongPart {
  readonly rule: string;
  readonly given: string;
}

export type OptionRules<Options> = { readonly [Name in keyof Options]: OptionRule<Options[Name]> };

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);

const rule = <T>(fallback: T, accepts: (value: unknown) => boolean, expected: string): OptionRule<T> => ({
  fallback,
  wrong: (value) => (accepts(value) ? undefined : `must be ${expected}`),
});

interface DurationLimits {
  readonly finite?: boolean;
  readonly least?: number;
}

/** Milliseconds above 0, or `least` and more; without `finite` also `Infinity`. */
export const duration = (fallback: number, { finite = false, least }: DurationLimits = {}): OptionRule<number> =>
  rule(
    fallback,
    (value) => isNumber(value) && (least === undefined ? value > 0 : value >= least) && (!finite || value !== Infinity),
    `${finite ? 'a finite' : 'a'} number of milliseconds, ${least === undefined ? 'above 0' : `${least} or more`}`,
  );

export const count = (fallback: number, least = 1): OptionRule<number> =>
  rule(
    fallback,
    (value) => Number.isSafeInteger(value) && (value as number) >= least,
    `a whole number, ${least} or more`,
  );

export const flag = (fallback: boolean): OptionRule<boolean> =>
  rule(fallback, (value) => typeof value === 'boolean', 'true or false');

export const text = (fallback: string): OptionRule<string> =>
  rule(fallback, (value) => typeof value === 'string' && value !== '', 'a string that is not empty');

export const oneOf = <T extends string>(fallback: T, ...values: readonly T[]): OptionRule<T> =>
  rule(fallback, (value) => values.includes(value as T), `one of ${values.map((v) => `'${v}'`).join(', ')}`);

/** A function of this type, or nothing. */
export const callback = <F>(): OptionRule<F | undefined> =>
  rule<F | undefined>(undefined, (value) => typeof value === 'function', 'a function');

/** An array whose entries pass; the first that does not is named. */
export const listOf = <T>(accepts: (entry: unknown) => boolean, expected: string): OptionRule<readonly T[]> => ({
  fallback: [],
  wrong(value) {
    const rule = `must be an array of ${expected}`;
    if (!Array.isArray(value)) return rule;
    const at = value.findIndex((entry) => !accepts(entry));
    return at < 0 ? undefined : { rule, given: `entry ${at} is ${show(value[at])}` };
  },
});

export const custom = <T>(fallback: T, wrong: (value: unknown) => string | undefined): OptionRule<T> => ({
  fallback,
  wrong,
});

/**
 * Reads options by rule. Only own properties count, so a polluted prototype changes nothing; `undefined` means absent.
 *
 * @param where what the options belong to, for the message, such as `createGate`
 * @param elsewhere names that are known but do not belong here, with the reason
 * @param alsoKnown names that somebody else has read, for the message
 */
export function readOptions<Options extends object>(
  where: string,
  given: unknown,
  rules: OptionRules<Options>,
  elsewhere: Readonly<Record<string, string>> = {},
  alsoKnown: readonly string[] = [],
): Options {
  const input = given === undefined ? {} : given;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError(`${where}: the options must be an object`);
  }
  const result: Record<string, unknown> = {};
  for (const [name, { fallback }] of Object.entries<OptionRule<unknown>>(rules)) result[name] = fallback;
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (Object.hasOwn(elsewhere, name)) throw new TypeError(`${where}: option "${name}" ${elsewhere[name]}`);
    if (!Object.hasOwn(rules, name)) {
      const known = [...alsoKnown, ...Object.keys(rules)];
      const meant = probable(name, known);
      const hint = meant === undefined ? '; known are ' : `; did you mean "${meant}"? Known are `;
      throw new TypeError(`${where}: unknown option "${name}"${hint}${known.join(', ')}`);
    }
    const problem = rules[name as keyof Options].wrong(value);
    if (typeof problem === 'string') throw new TypeError(`${where}: option "${name}" ${problem}, not ${show(value)}`);
    if (problem) throw new TypeError(`${where}: option "${name}" ${problem.rule}; ${problem.given}`);
    result[name] = value;
  }
  return result as Options;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (isThenable(value)) return 'a promise: give the function that makes it';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

const isThenable = (value: unknown): boolean => typeof (Object(value) as { then?: unknown }).then === 'function';
