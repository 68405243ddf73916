import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNEL = 'bootstrap-gate.step';

/**
 * Calls back when a step of a gate with this name begins or ends, in the same tick, and returns the unsubscription. What
 * the callback throws would be an uncaught exception of the process.
 */
export function onStep(gate: string, call: () => void): () => void {
  const hear = (message: unknown): void => {
    const { gate: from, type } = message as { readonly gate: string; readonly type: string };
    if (from === gate && type !== 'progress') call();
  };
  subscribe(CHANNEL, hear);
  return () => void unsubscribe(CHANNEL, hear);
}
