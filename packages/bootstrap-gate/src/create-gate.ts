import { facadeOf } from './gate/facade.js';
import { GateCore } from './gate/gate-core.js';
import { register } from './gate/registry.js';
import { readGateOptions } from './gate-options.js';
import { type Clock, systemClock } from './kit/clock.js';
import { type Insight, noInsight, processInsight } from './observe/insight.js';
import type { BootstrapOptions, FirstRequestOptions, Gate, GateOptions } from './kit/types.js';
import { BootstrapStartup } from './startup/bootstrap/bootstrap-startup.js';
import { FirstRequestStartup } from './startup/first-request/first-request-startup.js';

/**
 * Makes a gate. Nothing runs yet, unless it is `eager`.
 *
 * @throws TypeError for an unknown or wrong option, naming it and the rule; what the bootstrap's `check` throws
 */
export function createGate(options?: FirstRequestOptions): Gate<undefined>;
export function createGate<T>(options: BootstrapOptions<T>): Gate<T>;
export function createGate<T>(options?: GateOptions<T>): Gate<T> {
  return createGateWith(options, systemClock, processInsight);
}

/** The same with another clock, for tests. Wires the inside of a gate to what opens it. */
export function createGateWith<T>(
  options: GateOptions<T> | undefined,
  clock: Clock,
  insight: Insight = noInsight,
): Gate<T> {
  const settings = readGateOptions(options);
  const core = new GateCore<T>(settings, clock, (core) =>
    settings.bootstrap ? new BootstrapStartup(settings, core, insight) : new FirstRequestStartup(settings, core),
  );
  core.gate = facadeOf(core);
  register(core as GateCore);
  if (settings.bootstrap && settings.eager) core.start();
  return core.gate;
}
