/** How long earlier boots took, kept from one process to the next: what a running one can be measured by. */
import { warn } from '@bootstrap-gate/deadlock/adapter';
import { messageOf } from '../kit/errors.js';
import { historyFile } from './history-file.js';
import type { FlightRecord } from './record.js';
import type { EstimateReport, SlowStepReport, Timing } from '../kit/report-types.js';
import type { HistoryStore } from '../kit/types.js';

/** A boot that succeeded. */
interface PastBoot {
  readonly durationMs: number;
  /** By name, in ms. */
  readonly steps: Readonly<Record<string, number>>;
}

/** How many boots are kept, and how many steps of each. */
const KEPT = { boots: 10, steps: 1_000 };

/** From when on a step counts as slower: twice its usual time, and not for trifles. */
const SLOWER = { times: 2, byMs: 100 };

export class History {
  readonly #gate: string;
  readonly #store: HistoryStore;
  #kept: readonly PastBoot[] = [];
  /** Those that were kept when the flight began: none is measured by itself. */
  #earlier: readonly PastBoot[] = [];
  #isLoaded: Promise<void> | undefined;
  #isSaved: Promise<void> = Promise.resolve();

  constructor(gate: string, history: string | HistoryStore) {
    this.#gate = gate;
    this.#store = typeof history === 'string' ? historyFile(history) : history;
  }

  /** A flight begins. What was kept is read once. Nobody waits for it: until then there is no estimate. */
  begin(): void {
    this.#earlier = this.#kept;
    this.#isLoaded ??= this.#try('read', async () => {
      const text = await this.#store.load();
      if (text !== undefined) this.#earlier = this.#kept = parse(text);
    });
  }

  /** Keeps a flight that has succeeded. */
  add({ startedAt, attempts }: FlightRecord, now: number): void {
    const steps = (attempts.at(-1)?.steps ?? []).filter(({ outcome }) => outcome === 'done').slice(0, KEPT.steps);
    const durations = steps.map((step) => [step.name, (step.endedAt ?? now) - step.startedAt] as const);
    const boot = { durationMs: now - startedAt, steps: Object.fromEntries(durations) };
    this.#isSaved = Promise.all([this.#isLoaded, this.#isSaved]).then(() => {
      this.#kept = [...this.#kept, boot].slice(-KEPT.boots);
      return this.#try('saved', () => this.#store.save(JSON.stringify({ version: 1, boots: this.#kept })));
    });
  }

  /** How long a flight takes, and what is left of one that runs; undefined without earlier boots. Cheap: denials ask. */
  timing({ startedAt }: FlightRecord, now: number): Timing | undefined {
    if (this.#earlier.length === 0) return undefined;
    const durationMs = median(this.#earlier.map((boot) => boot.durationMs));
    return { durationMs, remainingMs: Math.max(0, startedAt + durationMs - now) };
  }

  /** The same for a report, with the steps that became slower; null without earlier boots. */
  estimate(flight: FlightRecord, isRunning: boolean, now: number): EstimateReport | null {
    const timing = this.timing(flight, now);
    if (!timing) return null;
    const remainingMs = isRunning ? timing.remainingMs : 0;
    return { boots: this.#earlier.length, ...timing, remainingMs, slower: this.#slower(flight, now) };
  }

  #slower({ attempts }: FlightRecord, now: number): SlowStepReport[] {
    return (attempts.at(-1)?.steps ?? []).flatMap(({ name, startedAt, endedAt = now }) => {
      const usualMs = median(
        this.#earlier.flatMap(({ steps }) => (Object.hasOwn(steps, name) ? [steps[name] ?? 0] : [])),
      );
      const durationMs = endedAt - startedAt;
      const isSlower = durationMs >= usualMs * SLOWER.times && durationMs - usualMs >= SLOWER.byMs;
      return isSlower ? [{ name, durationMs, usualMs }] : [];
    });
  }

  /** A history that cannot be read or saved is a warning, and never breaks a boot. */
  async #try(what: 'read' | 'saved', work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      const text = `The history of gate "${this.#gate}" could not be ${what}: ${messageOf(error)}`;
      warn('GATE_CALLBACK_FAILED', text, error);
    }
  }
}

/** @throws for anything that this file did not write */
function parse(text: string): PastBoot[] {
  const { version, boots } = JSON.parse(text) as { version?: unknown; boots?: unknown };
  if (version !== 1 || !Array.isArray(boots) || !boots.every(isBoot)) throw new Error('it is not a history of boots');
  return boots.slice(-KEPT.boots);
}

function isBoot(value: unknown): value is PastBoot {
  const { durationMs, steps } = Object(value) as Partial<PastBoot>;
  const times = [durationMs, ...Object.values(Object(steps) as object)] as unknown[];
  return (
    typeof steps === 'object' &&
    steps !== null &&
    times.every((time) => Number.isFinite(time) && Number(time) >= 0 && Number(time) <= LONGEST_MS)
  );
}

/** No boot takes as long; what is larger would not stay a number in what is reckoned with it. */
const LONGEST_MS = Number.MAX_SAFE_INTEGER;

/** NaN without any, which compares as false with everything. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
