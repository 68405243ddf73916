import { type Span, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { RequestMessage } from './messages.js';

/**
 * The span of a wait that is over. It is told in the request's own context, so it becomes a part of the request's trace,
 * and nothing has to be kept while the request waits.
 */
export function traceWait(tracer: Tracer, message: RequestMessage, flight: Span | undefined): void {
  const { gate, type, waitedMs, code } = message;
  if (type === 'held' || waitedMs === null) return;
  const end = Date.now();
  const attributes = { 'bootstrap_gate.gate': gate, 'bootstrap_gate.outcome': type };
  const links = flight ? [{ context: flight.spanContext() }] : [];
  const startTime = new Date(end - waitedMs);
  const span = tracer.startSpan(`wait ${gate}`, { startTime, attributes, links });
  if (code) span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
  span.end(new Date(end));
}
