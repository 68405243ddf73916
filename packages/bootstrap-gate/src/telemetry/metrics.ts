/** The metrics, by the conventions of Prometheus. Each has its row in docs/guides/telemetry.md. */
import { Counter, Gauge, Histogram } from 'prom-client';

/** In seconds: from a quick step to a migration of some minutes. The waits of requests end at 25 unless that was changed. */
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300];

/** Metrics that are in no registry yet. */
export function gateMetrics() {
  const registers: [] = [];
  return {
    state: new Gauge({
      name: 'bootstrap_gate_state',
      help: '1 for the state that the gate is in, 0 for the others.',
      labelNames: ['gate', 'state'],
      registers,
    }),
    held: new Gauge({
      name: 'bootstrap_gate_held_requests',
      help: 'Requests that are held at the gate now.',
      labelNames: ['gate'],
      registers,
    }),
    wait: new Histogram({
      name: 'bootstrap_gate_wait_duration_seconds',
      help: 'How long requests were held.',
      labelNames: ['gate', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    flight: new Histogram({
      name: 'bootstrap_gate_flight_duration_seconds',
      help: 'How long flights took, their retries included.',
      labelNames: ['gate', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    step: new Histogram({
      name: 'bootstrap_gate_step_duration_seconds',
      help: 'How long steps took, their retries included.',
      labelNames: ['gate', 'step', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    denials: new Counter({
      name: 'bootstrap_gate_denials_total',
      help: 'Requests that were denied.',
      labelNames: ['gate', 'code'],
      registers,
    }),
    once: new Counter({
      name: 'bootstrap_gate_once_total',
      help: 'What happened on this replica to steps that are shared by replicas.',
      labelNames: ['gate', 'step', 'event'],
      registers,
    }),
    verdicts: new Counter({
      name: 'bootstrap_gate_verdicts_total',
      help: 'Statements that a bootstrap cannot finish.',
      labelNames: ['gate', 'certainty'],
      registers,
    }),
  };
}
