/** `exitOnFailure`: the end of a process whose bootstrap failed. */
import { setImmediate as turn } from 'node:timers/promises';
import { closedWithin, closeGate } from '../../gate/end.js';
import type { GateCore } from '../../gate/gate-core.js';

/** How long the rollback may take. */
const LIMIT_MS = 10_000;

/** Reports the failure on stderr, denies all, rolls back, and exits with code 1. */
export async function exitAfterFailure<T>(core: GateCore<T>, message: string): Promise<void> {
  process.stderr.write(`${[message, ...stepLines(core)].join('\n')}\nThe process exits with code 1 (exitOnFailure).\n`);
  await closedWithin(core as GateCore, closeGate(core), LIMIT_MS);
  while (core.queue.size > 0) await turn(); // those who waited are denied in slices
  await turn(); // for their answers, and for warnings
  process.exit(1);
}

function stepLines<T>(core: GateCore<T>): string[] {
  const steps = core.report().attempts.at(-1)?.steps ?? [];
  return steps.map(({ name, state, durationMs, attempts, error }) => {
    const times = attempts > 1 ? `, ${attempts} attempts` : '';
    return `  step "${name}": ${state} after ${durationMs} ms${times}${error === null ? '' : `: ${error}`}`;
  });
}
