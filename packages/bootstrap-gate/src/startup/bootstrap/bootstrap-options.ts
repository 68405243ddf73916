/** The options of a gate with a bootstrap. */
import type { RetryPolicy } from './retry.js';
import { custom, duration, flag } from '../../kit/check-options.js';
import type { Boot, Bootstrap, HistoryStore, RetryOptions } from '../../kit/types.js';
import type { GateSettings } from '../../observe/verdicts.js';

/** A bootstrap, however it was given. */
export interface BootstrapFunctions<T> {
  readonly run: (boot: Boot) => T | PromiseLike<T>;
  readonly stop: ((value: T) => unknown) | undefined;
  readonly check: (() => void) | undefined;
}

/** `GateOptions` with a bootstrap, defaults included. */
export interface BootstrapSettings<T> extends GateSettings {
  readonly bootstrap: BootstrapFunctions<T>;
  readonly eager: boolean;
  readonly bootTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly cooldownMs: number;
  readonly stallAfterMs: number;
  readonly blockedAfterMs: number;
  readonly exitOnFailure: boolean;
  readonly history: string | HistoryStore | undefined;
}

export const bootstrapRules = {
  eager: flag(false),
  bootTimeoutMs: duration(Infinity),
  retry: custom<RetryOptions | undefined>(undefined, () => undefined),
  cooldownMs: duration(1_000, { finite: true, least: 0 }),
  stallAfterMs: duration(10_000),
  blockedAfterMs: duration(5_000, { least: 300 }),
  exitOnFailure: flag(false),
  history: custom<string | HistoryStore | undefined>(undefined, wrongHistory),
};

export function wrongBootstrap(value: unknown): string | undefined {
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

/** The parts of a bootstrap. What a polluted Object.prototype would add to it is left out. */
export function functionsOf<T>(bootstrap: Bootstrap<T>): BootstrapFunctions<T> {
  if (typeof bootstrap === 'function') return { run: bootstrap, stop: undefined, check: undefined };
  const own = (name: 'stop' | 'check'): boolean => bootstrap[name] !== Reflect.get(Object.prototype, name);
  return {
    run: (boot) => bootstrap.run(boot),
    stop: own('stop') ? (value) => bootstrap.stop?.(value) : undefined,
    check: own('check') ? () => bootstrap.check?.() : undefined,
  };
}
