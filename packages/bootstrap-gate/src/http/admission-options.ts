/** What the doors understand, for all adapters; the gate's own options are read by `createGate`. */
import type { IncomingMessage } from 'node:http';
import { createGate } from '../create-gate.js';
import type { Gate, GateOptions } from '../kit/types.js';
import type { GateReport } from '../kit/report-types.js';
import { coreOf } from '../gate/registry.js';
import type { GateCore } from '../gate/gate-core.js';
import { callback, count, custom, duration, flag, oneOf, readOptions } from '../kit/check-options.js';
import { gateOptionNames } from '../gate-options.js';

/** An exact path, such as `/metrics`, or a function of the request. */
export type Exemption = string | ((req: IncomingMessage) => boolean);

export interface HealthPaths {
  /** 200 in every state. Default `/livez`. */
  readonly live?: string | undefined;
  /** 200 in state `ready` only. Default `/readyz`. */
  readonly ready?: string | undefined;
  /** 503 until the gate was open for the first time, then 200. Default `/startupz`. */
  readonly startup?: string | undefined;
}

export interface WaitingPage {
  /** The title and heading. Default `'Starting'`. */
  readonly title?: string | undefined;
  /**
   * Gives the whole page as HTML, for each navigation; the page has to see to it itself that it is loaded again. When it
   * throws, the answer is a plain 503 and the process warning `GATE_CALLBACK_FAILED`.
   */
  readonly render?: ((report: GateReport) => string) | undefined;
}

/** How requests are let in, held and refused at one door. */
export interface AdmissionOptions {
  /**
   * How long one request is held, in ms; finite. Then it is denied with `ERR_GATE_WAIT_TIMEOUT`, and the bootstrap goes
   * on. Keep it below the time limit of the router in front (29 to 30 s are common). Different from `bootTimeoutMs`,
   * which ends the bootstrap, and from Node's `requestTimeout`, which limits the reading of a request. Default 25,000.
   */
  readonly waitTimeoutMs?: number | undefined;
  /** How many requests this door holds at once, a quarter of them per connection; the next is denied at once. Default 1,000. */
  readonly maxWaiting?: number | undefined;
  /**
   * Requests that never wait and are never pilots: exact paths as received, without the query and without any decoding,
   * or functions of the request. A function that throws or returns a promise exempts nothing and is reported. Default none.
   */
  readonly exempt?: readonly Exemption[] | undefined;
  /** Whether the gate answers health requests, and on which paths. Default false. */
  readonly health?: boolean | HealthPaths | undefined;
  /**
   * Whether browser navigations get a page, with status 503, instead of being held. It shows how far the bootstrap says it
   * is, and loads itself again when the gate is open. Default false.
   */
  readonly waitingPage?: boolean | WaitingPage | undefined;
  /** Whether clients are shown causes, step names and progress texts. For development. Default false. */
  readonly expose?: boolean | undefined;
  /**
   * Express and Koa: `'forward'` hands the `GateError` to the framework's own error handling. Default `'respond'`: the
   * gate answers itself.
   */
  readonly onDenied?: 'respond' | 'forward' | undefined;
}

/** One gate for this door alone, or one that is shared. */
export type GateChoice<T> =
  | (GateOptions<T> & { readonly gate?: undefined })
  | ({ readonly gate: Gate<T> } & { readonly [Name in keyof GateOptions]?: undefined });

export type DoorOptions<T> = GateChoice<T> & AdmissionOptions;

export interface AdmissionSettings {
  readonly waitTimeoutMs: number;
  readonly maxWaiting: number;
  readonly exempt: readonly Exemption[];
  readonly health: Required<{ [Probe in keyof HealthPaths]: string }> | undefined;
  readonly waitingPage: { readonly title: string; readonly render: WaitingPage['render'] } | undefined;
  readonly expose: boolean;
  readonly forward: boolean;
  readonly handler: ((value: unknown) => unknown) | undefined;
}

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

/** The defaults and rules of `AdmissionOptions`. */
export const admissionRules = {
  waitTimeoutMs: duration(25_000, { finite: true }),
  maxWaiting: count(1_000, 0),
  exempt: custom<readonly Exemption[]>([], (value) =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'function' || isPath(entry))
      ? undefined
      : 'must be an array of functions and of paths that begin with "/", without "?" and "#"',
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
): { gate: GateCore; settings: AdmissionSettings } {
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
  return { gate: coreOf(where, shared ?? createGate(forGate)), settings };
}

function readSettings(where: string, given: object, unsupported: Unsupported): AdmissionSettings {
  const { health, waitingPage, onDenied, handler, ...same } = readOptions(where, given, admissionRules, {}, [
    'gate',
    ...gateOptionNames,
  ]);
  if (onDenied === 'forward' && Object.hasOwn(unsupported, 'forward')) {
    throw new TypeError(`${where}: option "onDenied" ${unsupported.forward}`);
  }
  if (handler && Object.hasOwn(unsupported, 'handler')) {
    throw new TypeError(`${where}: option "handler" ${unsupported.handler}`);
  }
  return {
    ...same,
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
