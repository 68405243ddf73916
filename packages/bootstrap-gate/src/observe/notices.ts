/** What is noticed while a flight runs, for the report and the channel: that it stalls, and that its event loop was blocked. */
import type { BlockedLoop } from '@bootstrap-gate/deadlock';
import { warn } from '@bootstrap-gate/deadlock/adapter';
import { channels } from './channels.js';
import type { FlightRecord } from './record.js';
import type { BlockedReport, StallReport } from '../kit/report-types.js';

interface NumberedFlight extends FlightRecord {
  readonly gate: string;
  readonly number: number;
}

export class Notices {
  stall: StallReport | undefined;
  readonly blocked: BlockedReport[] = [];
  readonly #flight: NumberedFlight;

  constructor(flight: NumberedFlight) {
    this.#flight = flight;
  }

  /** The latest one stays. */
  readonly noteStall = (stall: StallReport): void => {
    this.stall = stall;
    this.#publish('stalled', { stall });
  };

  /** Warns as well: the watchdog's thread knows neither gate nor step. */
  readonly noteBlocked = (loop: BlockedLoop): void => {
    const { since, blockedMs, stack, children } = loop;
    const during = runningAt(this.#flight, since + blockedMs / 2);
    const lines = [
      `While the ${during.join(' and the ')} was pending, the event loop was blocked for ${(blockedMs / 1000).toFixed(1)} s:`,
      ...stack.map((frame) => `    at ${frame}`),
      ...children.map((child) => `    it had a child process: ${child}`),
    ];
    warn('GATE_LOOP_BLOCKED', lines.join('\n'));
    const blocked = { ...loop, during };
    this.blocked.push(blocked);
    this.#publish('blocked', { blocked });
  };

  #publish(type: 'stalled' | 'blocked', what: object): void {
    const { gate, number: flight } = this.#flight;
    if (channels.stall.hasSubscribers) channels.stall.publish({ gate, type, flight, ...what });
  }
}

/** The innermost work: steps, or where there was none the bootstrap. */
function runningAt({ attempts, owner }: FlightRecord, time: number): string[] {
  const steps = attempts.flatMap(({ steps }) => steps);
  const running = steps.filter(({ startedAt, endedAt = Infinity }) => startedAt <= time && time <= endedAt);
  const innermost = running.filter(({ name }) => !running.some(({ parent }) => parent === name));
  return innermost.length > 0 ? innermost.map(({ owner: { label } }) => label) : [owner.label];
}
