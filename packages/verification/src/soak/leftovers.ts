/** What a round leaves behind in the process: timers, handles, and warnings that nobody expects. */
import { comesTrue } from './wait.js';

export interface Leftovers {
  /** Warnings of gates so far, by code. */
  readonly warnings: ReadonlyMap<string, number>;
  /** Ends the watch; what should not be there, in words. */
  end(limitMs: number): Promise<string[]>;
}

/** Troubled bootstraps, stops and pilots are reported so; that is what a gate is for. */
const expected = new Set(['GATE_STALLED', 'GATE_FLIGHT_FAILED', 'GATE_PILOT_TIMEOUT', 'GATE_STOP_FAILED']);

/** @param onWarning hears of every warning */
export function watchLeftovers(onWarning: (code: string, text: string) => void): Leftovers {
  const complaints: string[] = [];
  const warnings = new Map<string, number>();
  const handlesBefore = handles();
  const timers = watchTimers();
  const endWarnings = catchWarnings((code, text) => {
    warnings.set(code, (warnings.get(code) ?? 0) + 1);
    onWarning(code, text);
    if (!expected.has(code)) complaints.push(`process warning: ${text}`);
  });

  async function end(limitMs: number): Promise<string[]> {
    const left = timers.end(); // at once: most would be gone after a while
    if (left > 0) complaints.push(`${left} timers are left`);
    const surplus = (): string[] =>
      [...handles()].filter(([type, count]) => count > (handlesBefore.get(type) ?? 0)).map(([type]) => type);
    if (!(await comesTrue(() => surplus().length === 0, limitMs)))
      complaints.push(`left in the process: ${surplus().join(', ')}`);
    endWarnings();
    return complaints;
  }
  return { warnings, end };
}

/** What keeps the process alive, by type, but for the turns of the event loop that are waited for here. */
function handles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    if (type !== 'Immediate') counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/** Counts the timers that have neither fired nor been cleared, also those that keep nothing alive. */
function watchTimers(): { end(): number } {
  const { setTimeout, clearTimeout } = globalThis;
  const pending = new Set<unknown>();
  const set = (fn: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): NodeJS.Timeout => {
    const fire = (): void => {
      pending.delete(timer);
      fn(...args);
    };
    const timer = setTimeout(fire, ms);
    pending.add(timer);
    return timer;
  };
  const clear: typeof clearTimeout = (timer) => {
    pending.delete(timer);
    clearTimeout(timer);
  };
  globalThis.setTimeout = Object.assign(set, setTimeout) as typeof setTimeout;
  globalThis.clearTimeout = clear;
  return {
    end() {
      Object.assign(globalThis, { setTimeout, clearTimeout });
      return pending.size;
    },
  };
}

function catchWarnings(onEach: (code: string, text: string) => void): () => void {
  const { emitWarning } = process;
  process.emitWarning = ((...[warning, options]: [string | Error, { code?: string } | string | undefined]): void => {
    const code = (warning as { code?: string }).code ?? (typeof options === 'object' ? options.code : options) ?? '';
    onEach(code, typeof warning === 'string' ? warning : (warning.stack ?? warning.message));
  }) as typeof emitWarning;
  return () => (process.emitWarning = emitWarning);
}
