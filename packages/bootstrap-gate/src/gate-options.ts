/** What `createGate` understands, and the defaults. */
import { custom, oneOf, readOptions, text } from './kit/check-options.js';
import type { Bootstrap, GateOptions } from './kit/types.js';
import {
  bootstrapRules,
  type BootstrapSettings,
  functionsOf,
  wrongBootstrap,
} from './startup/bootstrap/bootstrap-options.js';
import { readRetry } from './startup/bootstrap/retry.js';
import { type PilotSettings, pilotRules } from './startup/first-request/pilot-options.js';

const commonRules = {
  name: text('bootstrap'),
  bootstrap: custom<Bootstrap<unknown> | undefined>(undefined, wrongBootstrap),
  deadlock: oneOf<'throw' | 'warn' | 'off'>('throw', 'throw', 'warn', 'off'),
};

/** The names of all options of `createGate`, for adapters that take them together with their own. */
export const gateOptionNames: readonly string[] = Object.keys({ ...commonRules, ...bootstrapRules, ...pilotRules });

const needsBootstrap = Object.fromEntries(
  Object.keys(bootstrapRules).map((name) => [name, 'needs a bootstrap: without one the gate is in first-request mode']),
);
const needsFirstRequestMode = Object.fromEntries(
  Object.keys(pilotRules).map((name) => [name, 'is for first-request mode: with a bootstrap there are no pilots']),
);

/** Those of doors, which have a reader of their own; a test compares them. */
const doorOptions =
  'waitTimeoutMs maxWaiting maxWaitingPerConnection releaseConcurrency exempt health waitingPage expose onDenied handler gate';
const belongsToDoor = Object.fromEntries(
  doorOptions
    .split(' ')
    .map((name) => [name, 'belongs to bootstrapGate or gateServer, the door in front of the application']),
);

/** @throws TypeError that names the option and the rule; what the bootstrap's `check` throws */
export function readGateOptions<T>(given: GateOptions<T> | undefined): BootstrapSettings<T> | PilotSettings {
  const where = 'createGate';
  const hasBootstrap = given != null && Object.hasOwn(given, 'bootstrap') && given.bootstrap !== undefined;
  if (!hasBootstrap) {
    const read = readOptions(where, given, { ...commonRules, ...pilotRules }, { ...needsBootstrap, ...belongsToDoor });
    return { ...read, bootstrap: undefined };
  }
  const read = readOptions(
    where,
    given,
    { ...commonRules, ...bootstrapRules },
    { ...needsFirstRequestMode, ...belongsToDoor },
  );
  const bootstrap = functionsOf(given.bootstrap as Bootstrap<T>);
  bootstrap.check?.();
  return { ...read, bootstrap, retry: readRetry(where, read.retry) };
}
