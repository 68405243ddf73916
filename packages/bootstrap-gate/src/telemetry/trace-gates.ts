import { trace, type TracerProvider } from '@opentelemetry/api';
import { custom, readOptions } from '../kit/check-options.js';
import { FlightSpans } from './flight-spans.js';
import { isolation } from './isolation.js';
import { listen } from './listen.js';
import { traceWait } from './wait-span.js';

export interface TraceOptions {
  /** Makes the spans. Default: the provider that is registered with `@opentelemetry/api`, now or later. */
  readonly tracerProvider?: TracerProvider | undefined;
}

const rules = {
  tracerProvider: custom<TracerProvider | undefined>(undefined, (value) =>
    typeof (value as Partial<TracerProvider> | null)?.getTracer === 'function' ? undefined : 'must be a TracerProvider',
  ),
};

/**
 * Traces all gates of this process: a span for each flight, below it one for each step, and in the trace of each request
 * that was held one for its wait, with a link to the flight. Call it before the first gate is made: of a flight that has
 * begun, only what still happens is traced. Each call traces on its own.
 *
 * A tracer that throws is the process warning `GATE_CALLBACK_FAILED`, and changes nothing else.
 *
 * @returns the function that stops it; spans that are open end with the outcome `running`
 * @throws a TypeError for a wrong option
 */
export function traceGates(options?: TraceOptions): () => void {
  const { tracerProvider = trace.getTracerProvider() } = readOptions<TraceOptions>('traceGates', options, rules);
  const tracer = tracerProvider.getTracer('bootstrap-gate');
  const flights = new FlightSpans(tracer);
  const isolate = isolation('traceGates');
  const stopListening = listen(
    {
      flight: (message) => flights.onFlight(message),
      step: (message) => flights.onStep(message),
      verdict: (message) => flights.onVerdict(message),
      stall: (message) => flights.onStall(message),
      once: (message) => flights.onOnce(message),
      request: (message) => traceWait(tracer, message, flights.find(message.flight)),
    },
    isolate,
  );
  return () => {
    stopListening();
    isolate(() => flights.endAll());
  };
}
