import type { GateState } from '../kit/types.js';
import { custom, readOptions } from '../kit/check-options.js';
import { type Metric, type OpenMetricsContentType, register, type Registry } from 'prom-client';
import { isolation } from './isolation.js';
import { listen, type Listeners } from './listen.js';
import { givenName } from './messages.js';
import { gateMetrics } from './metrics.js';

export interface MeasureOptions {
  /** Where the metrics are registered. Default: prom-client's `register`. */
  readonly registry?: Registry | Registry<OpenMetricsContentType> | undefined;
}

type GateRegistry = NonNullable<MeasureOptions['registry']>;

const rules = {
  registry: custom<GateRegistry | undefined>(undefined, (value) =>
    typeof (value as Partial<GateRegistry> | null)?.registerMetric === 'function' ? undefined : 'must be a Registry',
  ),
};

/**
 * Measures all gates of this process with prom-client. Call it before the first gate is made: the state of a gate is
 * known from its next change.
 *
 * A registry that refuses a metric, as one does that is measured into already, is the process warning
 * `GATE_CALLBACK_FAILED`, and nothing is measured. A metric that throws is the same warning, and changes nothing else.
 *
 * @returns the function that stops it and takes the metrics out of the registry
 * @throws a TypeError for a wrong option
 */
export function measureGates(options?: MeasureOptions): () => void {
  const { registry = register } = readOptions<MeasureOptions>('measureGates', options, rules);
  const isolate = isolation('measureGates');
  const metrics = gateMetrics();
  let stop = (): void => {};
  isolate(() => {
    const unregister = registerAll(registry, Object.values(metrics));
    const stopListening = listen(observers(metrics), isolate);
    stop = () => {
      stopListening();
      isolate(unregister);
    };
  });
  return () => stop();
}

const states: readonly GateState[] = ['idle', 'booting', 'ready', 'failed', 'draining', 'closed'];

function observers({
  state,
  held,
  wait,
  flight,
  step,
  denials,
  verdicts,
  once,
}: ReturnType<typeof gateMetrics>): Listeners {
  return {
    state({ gate, type }) {
      for (const each of states) state.set({ gate, state: each }, each === type ? 1 : 0);
    },
    flight({ gate, type, outcome, durationMs }) {
      if (type === 'end') flight.observe({ gate, outcome }, durationMs / 1_000);
    },
    step({ gate, type, step: name, outcome, startedAt, endedAt = startedAt }) {
      if (type === 'end') step.observe({ gate, step: givenName(name), outcome }, (endedAt - startedAt) / 1_000);
    },
    request({ gate, type, waitedMs, held: count, code }) {
      held.set({ gate }, count);
      if (type === 'denied') denials.inc({ gate, code: code ?? 'waiting-page' });
      if (type !== 'held' && waitedMs !== null) wait.observe({ gate, outcome: type }, waitedMs / 1_000);
    },
    once({ gate, type, step: name }) {
      once.inc({ gate: gate ?? '', step: givenName(name), event: type });
    },
    verdict({ gate, type }) {
      verdicts.inc({ gate: gate ?? '', certainty: type });
    },
  };
}

/** All of them or none. The returned function takes them out again, and nobody else's. */
function registerAll(registry: GateRegistry, metrics: readonly Metric[]): () => void {
  const registered: string[] = [];
  const unregister = (): void => {
    for (const name of registered.splice(0)) registry.removeSingleMetric(name);
  };
  try {
    for (const metric of metrics as readonly (Metric & { readonly name: string })[]) {
      registry.registerMetric(metric);
      registered.push(metric.name);
    }
  } catch (error) {
    unregister();
    throw error;
  }
  return unregister;
}
