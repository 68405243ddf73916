import { BootstrapGate, gateBrand } from './gate/bootstrap-gate.js';
import { type Clock, systemClock } from './kit/clock.js';
import { readGateOptions } from './gate-options.js';
import type { Gate, GateOptions } from './kit/types.js';

/**
 * Makes a gate. Nothing runs yet, unless it is `eager`.
 *
 * @throws TypeError for an unknown or wrong option, naming it and the rule; what the bootstrap's `check` throws
 */
export function createGate(options?: GateOptions<undefined> & { readonly bootstrap?: undefined }): Gate<undefined>;
export function createGate<T>(options: GateOptions<T>): Gate<T>;
export function createGate<T>(options?: GateOptions<T>): Gate<T> {
  return createGateWith(options, systemClock);
}

/** The same with another clock, for tests. */
export function createGateWith<T>(options: GateOptions<T> | undefined, clock: Clock): BootstrapGate<T> {
  return new BootstrapGate(readGateOptions(options), clock);
}

/** The gate behind the interface. @throws TypeError for anything that `createGate` did not make */
export function asGate(where: string, gate: unknown): BootstrapGate<unknown> {
  const made = typeof gate === 'object' && gate !== null && gateBrand in gate;
  if (!made) throw new TypeError(`${where}: option "gate" must be a gate made by createGate`);
  return gate as BootstrapGate<unknown>;
}
