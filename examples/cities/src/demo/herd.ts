/** Sends the requests: a third at once, the others evenly over `spreadMs`. */
import { setTimeout } from 'node:timers/promises';
import type { Call } from './calls.js';

export interface Outcome {
  readonly call: Call;
  readonly verdict: 'right' | 'wrong' | 'unanswered';
  /** Why it is not right. */
  readonly reason: string;
  readonly ms: number;
}

/** Who watches the herd. */
export interface Watcher {
  sent(): void;
  answered(outcome: Outcome): void;
}

export function sendHerd(
  origin: string,
  calls: readonly Call[],
  spreadMs: number,
  watcher?: Watcher,
): Promise<Outcome[]> {
  const atOnce = Math.ceil(calls.length / 3);
  return Promise.all(
    calls.map(async (call, index) => {
      if (index >= atOnce) await setTimeout(((index - atOnce + 1) * spreadMs) / (calls.length - atOnce));
      watcher?.sent();
      const outcome = await send(origin, call);
      watcher?.answered(outcome);
      return outcome;
    }),
  );
}

const PATIENCE_MS = 30_000;

async function send(origin: string, call: Call): Promise<Outcome> {
  const startedAt = performance.now();
  const ended = (verdict: Outcome['verdict'], reason: string): Outcome => ({
    call,
    verdict,
    reason,
    ms: performance.now() - startedAt,
  });
  try {
    const response = await fetch(origin + call.path, {
      ...(call.note !== undefined && { method: 'POST', body: call.note }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const flaw = call.flaw(response.status, isJson ? JSON.parse(text) : text);
    return flaw ? ended('wrong', flaw) : ended('right', '');
  } catch (error) {
    return ended('unanswered', String((error as Error).cause ?? error));
  }
}
