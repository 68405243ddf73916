/** Reads the options of a door, defaults included. */
import type { AdmissionSettings, Exemption, HealthPaths, WaitingPage } from './admission-options.js';
import { createGate } from '../create-gate.js';
import type { GateCore } from '../gate/gate-core.js';
import { coreOf } from '../gate/registry.js';
import { gateOptionNames } from '../gate-options.js';
import {
  callback,
  count,
  custom,
  duration,
  flag,
  listOf,
  oneOf,
  type OptionRule,
  readOptions,
} from '../kit/check-options.js';

import type { BootstrapOptions, GateOptions } from '../kit/types.js';

const healthPaths = { live: '/livez', ready: '/readyz', startup: '/startupz' };

const isPath = (value: unknown): boolean => typeof value === 'string' && /^\/[^?#]*$/.test(value);
const path = (fallback: string) =>
  custom(fallback, (value) => (isPath(value) ? undefined : 'must be a path that begins with "/", without "?" and "#"'));
const healthRules = {
  live: path(healthPaths.live),
  ready: path(healthPaths.ready),
  startup: path(healthPaths.startup),
};
const pageRules = {
  title: custom('Starting', (value) => (typeof value === 'string' ? undefined : 'must be a string')),
  render: callback<NonNullable<WaitingPage['render']>>(),
};

const flagOrObject = <T extends object>() =>
  custom<boolean | T>(false, (value) =>
    typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
      ? undefined
      : 'must be true, false or an object',
  );

const limit = custom<number | undefined>(undefined, (value) =>
  value === Infinity || (Number.isSafeInteger(value) && (value as number) > 0)
    ? undefined
    : 'must be a whole number, 1 or more, or Infinity',
);

/** The defaults and rules of `AdmissionOptions`. */
export const admissionRules = {
  waitTimeoutMs: duration(25_000, { finite: true }),
  maxWaiting: count(1_000, 0),
  maxWaitingPerConnection: limit,
  releaseConcurrency: { ...limit, fallback: 256 } as OptionRule<number>,
  exempt: listOf<Exemption<never>>(
    (entry) => typeof entry === 'function' || (isPath(entry) && !(entry as string).includes('*')),
    'functions and of paths that begin with "/", without "?", "#" and "*" (for a prefix give a function)',
  ),
  health: flagOrObject<HealthPaths>(),
  waitingPage: flagOrObject<WaitingPage>(),
  expose: flag(false),
  onDenied: oneOf<'respond' | 'forward'>('respond', 'respond', 'forward'),
  handler: callback<(value: never) => unknown>(),
};

/** What an adapter cannot do, with the reason. */
export type Unsupported = Partial<Record<'handler' | 'forward', string>>;

/**
 * Splits an adapter's options into a gate and the settings of its door.
 *
 * @throws TypeError that names the option and the rule
 */
export function readDoorOptions(
  where: string,
  given: object | undefined,
  unsupported: Unsupported = {},
): { core: GateCore; ownsGate: boolean; settings: AdmissionSettings } {
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw new TypeError(`${where}: the options must be an object`);
  }
  const present = Object.entries(given ?? {}).filter(([, value]) => value !== undefined); // what is inherited is not given
  const shared: unknown = present.find(([name]) => name === 'gate')?.[1];
  const [forGate, forDoor] = [true, false].map((wanted) =>
    Object.fromEntries(present.filter(([name]) => name !== 'gate' && gateOptionNames.includes(name) === wanted)),
  ) as [GateOptions<unknown>, object];
  const [misplaced] = Object.keys(forGate);
  if (shared !== undefined && misplaced !== undefined) {
    throw new TypeError(`${where}: option "${misplaced}" belongs to createGate when a gate is given`);
  }
  const settings = readSettings(where, forDoor, unsupported);
  const hasBootstrap = shared === undefined ? Object.hasOwn(forGate, 'bootstrap') : coreOf(where, shared).hasBootstrap;
  if (settings.handler && !hasBootstrap) {
    throw new TypeError(`${where}: option "handler" needs a bootstrap: it takes the bootstrap's value`);
  }
  // Last, because an eager bootstrap runs from here on.
  const ownsGate = shared === undefined;
  return { core: coreOf(where, shared ?? createGate(forGate as BootstrapOptions<unknown>)), ownsGate, settings };
}

function readSettings(where: string, given: object, unsupported: Unsupported): AdmissionSettings {
  const { health, waitingPage, onDenied, handler, maxWaitingPerConnection, ...same } = readOptions(
    where,
    given,
    admissionRules,
    {},
    ['gate', ...gateOptionNames],
  );
  if (onDenied === 'forward' && Object.hasOwn(unsupported, 'forward')) {
    throw new TypeError(`${where}: option "onDenied" ${unsupported.forward}`);
  }
  if (handler && Object.hasOwn(unsupported, 'handler')) {
    throw new TypeError(`${where}: option "handler" ${unsupported.handler}`);
  }
  return {
    ...same,
    maxWaitingPerConnection: maxWaitingPerConnection ?? Math.max(1, Math.floor(same.maxWaiting / 4)),
    health: health === false ? undefined : readHealth(where, health === true ? {} : health),
    waitingPage: waitingPage === false ? undefined : readPage(where, waitingPage === true ? {} : waitingPage),
    forward: onDenied === 'forward',
    handler: handler as AdmissionSettings['handler'],
  };
}

function readHealth(where: string, given: HealthPaths): AdmissionSettings['health'] {
  const paths = readOptions(`${where}: option "health"`, given, healthRules);
  if (new Set(Object.values(paths)).size < 3)
    throw new TypeError(`${where}: option "health" must name three different paths`);
  return paths;
}

function readPage(where: string, given: WaitingPage): NonNullable<AdmissionSettings['waitingPage']> {
  return readOptions(`${where}: option "waitingPage"`, given, pageRules);
}
