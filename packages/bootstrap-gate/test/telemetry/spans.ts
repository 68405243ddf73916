/** A real tracer whose spans stay in memory. */
import { context, diag, DiagLogLevel, type HrTime, SpanStatusCode } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { traceGates, type TraceOptions } from '../../src/telemetry/opentelemetry.js';
import { atEnd } from './support.js';

const complaints: unknown[] = [];

beforeEach(() => {
  const note = (...complaint: unknown[]): void => void complaints.push(complaint);
  const logger = { error: note, warn: note, info: note, debug: note, verbose: note };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});

// A span that is ended twice, used after its end, or that ends before it begins.
afterEach(() => expect(complaints.splice(0)).toEqual([]));

export class Recorder {
  readonly #exporter = new InMemorySpanExporter();
  readonly provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#exporter)] });
  readonly tracer = this.provider.getTracer('test');

  /** The spans that have ended, in that order. */
  get spans(): ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  all(name: string): ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  one(name: string): ReadableSpan {
    const [span, ...more] = this.all(name);
    if (!span || more.length > 0) {
      throw new Error(`${1 + more.length} spans "${name}" among: ${this.spans.map((span) => span.name).join(', ')}`);
    }
    return span;
  }

  /** Traces all gates until the end of the test. */
  traceGates(options: TraceOptions = { tracerProvider: this.provider }): () => void {
    const stop = traceGates(options);
    atEnd(stop);
    return stop;
  }
}

/** Spans are passed on through async calls until the end of the test. */
export function passContexts(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  atEnd(() => context.disable());
}

/** Whether `child` is below `parent` in one trace. */
export const isChild = (child: ReadableSpan, parent: ReadableSpan): boolean =>
  child.parentSpanContext?.spanId === parent.spanContext().spanId &&
  child.spanContext().traceId === parent.spanContext().traceId;

export const ms = ([seconds, nanos]: HrTime): number => seconds * 1_000 + nanos / 1_000_000;

export const isError = ({ status }: ReadableSpan): boolean => status.code === SpanStatusCode.ERROR;

export const outcome = ({ attributes }: ReadableSpan): unknown => attributes['bootstrap_gate.outcome'];

export const eventNames = ({ events }: ReadableSpan): string[] => events.map(({ name }) => name);
