/**
 * The spans of flights and of their steps. What is told of one whose start nobody heard makes its span then, backdated:
 * eager gates begin before their application listens.
 */
import { ROOT_CONTEXT, type Span, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { systemClock } from '../kit/clock.js';
import {
  type Ending,
  type FlightMessage,
  givenName,
  type OnceMessage,
  type StallMessage,
  type StepMessage,
  type VerdictMessage,
} from './messages.js';

/** How many flights are known at once. Those that are over still get late steps, and the links of requests. */
const KNOWN = 100;

interface FlightSpan {
  readonly gate: string;
  readonly span: Span;
  /** The steps that run, by name. */
  readonly steps: Map<string, Span>;
}

export class FlightSpans {
  readonly #tracer: Tracer;
  /** By number, the oldest first. */
  readonly #flights = new Map<number, FlightSpan>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  find(flight: number | null): Span | undefined {
    return flight === null ? undefined : this.#flights.get(flight)?.span;
  }

  onFlight(message: FlightMessage): void {
    const { type, flight, gate, startedAt, durationMs, attempts } = message;
    const { span } = this.#flight(flight, gate, startedAt);
    if (type === 'retry') addRetry(span, message);
    if (type === 'end') {
      span.setAttribute('bootstrap_gate.attempts', attempts);
      end(span, message, startedAt + durationMs);
    }
  }

  onStep(message: StepMessage): void {
    const { type, step, progress, outcome, endedAt } = message;
    if (type !== 'end' && outcome !== 'running') return; // it was given up; its function goes on all the same
    const flight = this.#flight(message.flight, message.gate, message.flightStartedAt);
    const span = this.#step(flight, message);
    if (type === 'retry') addRetry(span, message);
    if (type === 'progress' && progress) {
      const { fraction, text } = progress;
      const attributes = { 'bootstrap_gate.progress.fraction': fraction };
      if (text !== null) Object.assign(attributes, { 'bootstrap_gate.progress.text': text });
      span.addEvent('bootstrap_gate.progress', attributes, now());
    }
    if (type === 'end') {
      flight.steps.delete(step);
      end(span, message, endedAt ?? systemClock.now());
    }
  }

  /** An event of the flight; of a flight that is over there is no span left to put it on. */
  onVerdict({ flight, verdict }: VerdictMessage): void {
    const span = this.find(flight);
    if (!span?.isRecording()) return;
    const attributes = {
      'bootstrap_gate.verdict.certainty': verdict.certainty,
      'bootstrap_gate.verdict.cycle': verdict.cycle.map(
        ({ owner, waitsFor, at }) => `${owner} waits for ${waitsFor} (${at})`,
      ),
      'bootstrap_gate.verdict.advice': verdict.advice,
    };
    span.addEvent('bootstrap_gate.verdict', attributes, now());
  }

  /** An event of the flight, with what the process awaits as far as that is known by then. */
  onStall(message: StallMessage): void {
    const span = this.find(message.flight);
    if (!span?.isRecording()) return;
    if (message.type === 'blocked') {
      const { blockedMs, stack, during } = message.blocked;
      const attributes = { 'bootstrap_gate.blocked.ms': blockedMs, 'bootstrap_gate.blocked.during': [...during] };
      span.addEvent('bootstrap_gate.blocked', { ...attributes, 'bootstrap_gate.blocked.stack': [...stack] }, now());
      return;
    }
    const { pending, process } = message.stall;
    const attributes = { 'bootstrap_gate.stall.pending': [...pending] };
    if (process) Object.assign(attributes, { 'bootstrap_gate.stall.process': process.text });
    span.addEvent('bootstrap_gate.stall', attributes, now());
  }

  /** An event of the step that runs in the gate's last flight. */
  onOnce({ gate, type, step, key, replica, fence, attempt, text }: OnceMessage): void {
    const flight = [...this.#flights.values()].findLast((known) => known.gate === gate);
    const attributes = {
      'bootstrap_gate.once.type': type,
      'bootstrap_gate.once.key': key,
      'bootstrap_gate.once.replica': replica,
      ...(fence !== undefined && { 'bootstrap_gate.once.fence': fence }),
      ...(attempt !== undefined && { 'bootstrap_gate.once.attempt': attempt }),
      ...(text !== undefined && { 'bootstrap_gate.once.text': text }),
    };
    flight?.steps.get(step)?.addEvent('bootstrap_gate.once', attributes, now());
  }

  endAll(): void {
    for (const flight of this.#flights.keys()) this.#forget(flight);
  }

  #flight(flight: number, gate: string, startedAt: number): FlightSpan {
    const known = this.#flights.get(flight);
    if (known) return known;
    const span = this.#tracer.startSpan(`flight ${gate}`, {
      root: true,
      startTime: new Date(startedAt),
      attributes: { 'bootstrap_gate.gate': gate, 'bootstrap_gate.flight': flight },
    });
    const made = { gate, span, steps: new Map<string, Span>() };
    this.#flights.set(flight, made);
    const [oldest] = this.#flights.keys();
    if (this.#flights.size > KNOWN && oldest !== undefined) this.#forget(oldest);
    return made;
  }

  #step(flight: FlightSpan, { gate, step, flight: number, attempt, parent, startedAt }: StepMessage): Span {
    const known = flight.steps.get(step);
    if (known) return known;
    const above = (parent !== null && flight.steps.get(parent)) || flight.span;
    const span = this.#tracer.startSpan(
      `step ${givenName(step)}`,
      {
        startTime: new Date(startedAt),
        attributes: {
          'bootstrap_gate.gate': gate,
          'bootstrap_gate.flight': number,
          'bootstrap_gate.step': step,
          'bootstrap_gate.attempt': attempt,
        },
      },
      trace.setSpan(ROOT_CONTEXT, above),
    );
    flight.steps.set(step, span);
    return span;
  }

  /** Ends what is open of a flight: whoever does not end by itself must not stay for ever. */
  #forget(flight: number): void {
    const { span, steps } = this.#flights.get(flight) as FlightSpan;
    this.#flights.delete(flight);
    for (const open of [...steps.values(), span]) {
      if (open.isRecording()) open.setAttribute('bootstrap_gate.outcome', 'running').end(now());
    }
  }
}

/** By the clock of the gates: `Date.now()` may be a millisecond before the beginning that they have told. */
const now = (): Date => new Date(systemClock.now());

function addRetry(span: Span, { errorType, error }: Ending): void {
  const attributes = { 'exception.type': errorType ?? '', 'exception.message': error ?? '' };
  span.addEvent('bootstrap_gate.retry', attributes, now());
}

function end(span: Span, { outcome, error, errorType }: Ending, at: number): void {
  const time = new Date(at);
  span.setAttribute('bootstrap_gate.outcome', outcome);
  if (outcome === 'failed') {
    const [type, message] = [errorType ?? '', error ?? ''];
    span.setAttribute('error.type', type);
    span.recordException({ name: type, message }, time);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end(time);
}
