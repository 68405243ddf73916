/** What is said of an event loop that was blocked while a flight ran: the watchdog's thread knows neither gate nor step. */
import type { BlockedLoop } from '@bootstrap-gate/deadlock';
import { warn } from '@bootstrap-gate/deadlock/adapter';
import type { BlockedReport } from '../kit/report-types.js';
import type { FlightRecord } from './record.js';

/** Warns, and gives it for the report. */
export function tellBlocked(flight: FlightRecord, blocked: BlockedLoop): BlockedReport {
  const { since, blockedMs, stack, children } = blocked;
  const during = runningAt(flight, since + blockedMs / 2);
  const lines = [
    `While the ${during.join(' and the ')} was pending, the event loop was blocked for ${(blockedMs / 1000).toFixed(1)} s:`,
    ...stack.map((frame) => `    at ${frame}`),
    ...children.map((child) => `    it had a child process: ${child}`),
  ];
  warn('GATE_LOOP_BLOCKED', lines.join('\n'));
  return { ...blocked, during };
}

/** The innermost work: steps, or where there was none the bootstrap. */
function runningAt({ attempts, owner }: FlightRecord, time: number): string[] {
  const steps = attempts.flatMap(({ steps }) => steps);
  const running = steps.filter(({ startedAt, endedAt = Infinity }) => startedAt <= time && time <= endedAt);
  const innermost = running.filter(({ name }) => !running.some(({ parent }) => parent === name));
  return innermost.length > 0 ? innermost.map(({ owner: { label } }) => label) : [owner.label];
}
