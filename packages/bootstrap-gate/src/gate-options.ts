/** What `createGate` understands, and the defaults. */
import { count, custom, duration, flag, oneOf, readOptions, text } from './kit/check-options.js';
import { readRetry, type RetryPolicy } from './startup/bootstrap/retry.js';
import type { Boot, Bootstrap, GateOptions, HistoryStore, RetryOptions } from './kit/types.js';

export interface GateSettings {
  readonly name: string;
  readonly deadlock: 'throw' | 'warn' | 'off';
}

export interface FlightBootstrap<T> {
  readonly run: (boot: Boot) => T | PromiseLike<T>;
  readonly stop: ((value: T) => unknown) | undefined;
  readonly check: (() => void) | undefined;
}

export interface FlightSettings<T> extends GateSettings {
  readonly bootstrap: FlightBootstrap<T>;
  readonly eager: boolean;
  readonly bootTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly cooldownMs: number;
  readonly stallAfterMs: number;
  readonly history: string | HistoryStore | undefined;
}

export interface PilotSettings extends GateSettings {
  readonly bootstrap: undefined;
  readonly firstRequests: number;
  readonly pilotTimeoutMs: number;
}

const commonRules = {
  name: text('bootstrap'),
  bootstrap: custom<Bootstrap<unknown> | undefined>(undefined, wrongBootstrap),
  deadlock: oneOf<'throw' | 'warn' | 'off'>('throw', 'throw', 'warn', 'off'),
};

const flightRules = {
  eager: flag(false),
  bootTimeoutMs: duration(Infinity),
  retry: custom<RetryOptions | undefined>(undefined, () => undefined),
  cooldownMs: duration(1_000, { finite: true, zero: true }),
  stallAfterMs: duration(10_000),
  history: custom<string | HistoryStore | undefined>(undefined, wrongHistory),
};

const pilotRules = {
  firstRequests: count(1),
  pilotTimeoutMs: duration(10_000),
};

/** The names of all options of `createGate`, for adapters that take them together with their own. */
export const gateOptionNames: readonly string[] = Object.keys({ ...commonRules, ...flightRules, ...pilotRules });

const needsBootstrap = Object.fromEntries(
  Object.keys(flightRules).map((name) => [name, 'needs a bootstrap: without one the gate is in first-request mode']),
);
const needsFirstRequestMode = Object.fromEntries(
  Object.keys(pilotRules).map((name) => [name, 'is for first-request mode: with a bootstrap there are no pilots']),
);

export function readGateOptions<T>(given: GateOptions<T> | undefined): FlightSettings<T> | PilotSettings {
  const where = 'createGate';
  const hasBootstrap = given != null && Object.hasOwn(given, 'bootstrap') && given.bootstrap !== undefined;
  if (!hasBootstrap) {
    const read = readOptions(where, given, { ...commonRules, ...pilotRules }, needsBootstrap);
    return { ...read, bootstrap: undefined };
  }
  const read = readOptions(where, given, { ...commonRules, ...flightRules }, needsFirstRequestMode);
  const bootstrap = asObject(given.bootstrap as Bootstrap<T>);
  bootstrap.check?.();
  return { ...read, bootstrap, retry: readRetry(where, read.retry) };
}

function wrongBootstrap(value: unknown): string | undefined {
  if (typeof value === 'function') return undefined;
  const expected =
    'must be a function, or an object with the function run and, where given, the functions stop and check';
  const { run, stop, check } = Object(value) as Record<string, unknown>;
  const optional = [stop, check].every((part) => part === undefined || typeof part === 'function');
  return typeof run === 'function' && optional ? undefined : expected;
}

function wrongHistory(value: unknown): string | undefined {
  const { load, save } = Object(value) as Partial<HistoryStore>;
  const isStore = typeof value === 'object' && typeof load === 'function' && typeof save === 'function';
  return (typeof value === 'string' && value !== '') || isStore
    ? undefined
    : 'must be the path of a file, or an object with the functions load and save';
}

/** What a polluted Object.prototype would add to it is left out. */
function asObject<T>(bootstrap: Bootstrap<T>): FlightBootstrap<T> {
  if (typeof bootstrap === 'function') return { run: bootstrap, stop: undefined, check: undefined };
  const own = (name: 'stop' | 'check'): boolean => bootstrap[name] !== Reflect.get(Object.prototype, name);
  return {
    run: (boot) => bootstrap.run(boot),
    stop: own('stop') ? (value) => bootstrap.stop?.(value) : undefined,
    check: own('check') ? () => bootstrap.check?.() : undefined,
  };
}
