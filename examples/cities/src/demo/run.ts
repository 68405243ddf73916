/** One run: a server in a process of its own, the herd, and a look at what was stored. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sha256, type Receipt } from '../notes.js';
import type { Call } from './calls.js';
import type { ChildEvent } from './child.js';
import { sendHerd, type Outcome } from './herd.js';
import type { Progress } from './progress.js';

export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly bootstraps: number;
  /** Notes that were not stored exactly as often as their answers said. */
  readonly notesAmiss: number;
}

export interface RunOptions {
  readonly count: number;
  readonly calls: readonly Call[];
  readonly spreadMs: number;
  readonly progress: Progress;
}

const LIMIT_MS = 60_000;

export async function run(kind: 'gated' | 'ungated', { count, calls, spreadMs, progress }: RunOptions): Promise<Run> {
  const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), [kind, String(count)], {
    // Express prints every error that it answers with 500, except in tests.
    env: { ...process.env, NODE_ENV: 'test' },
    timeout: LIMIT_MS,
  });
  let bootstraps = 0;
  child.on('message', (event: ChildEvent) => {
    if (event.type === 'bootstrap') bootstraps += 1;
    if (event.type !== 'listening') progress.show(event);
  });
  const complete = told(child, 'complete');
  complete.catch(() => {}); // Awaited below, if the herd comes that far.

  const { port } = await told(child, 'listening');
  const origin = `http://127.0.0.1:${port}`;
  const outcomes = await sendHerd(origin, calls, spreadMs, progress);
  await complete;
  const notesAmiss = await countNotesAmiss(origin, outcomes);
  progress.end();

  child.disconnect();
  await once(child, 'exit');
  return { outcomes, bootstraps, notesAmiss };
}

function told<T extends ChildEvent['type']>(child: ChildProcess, type: T): Promise<Extract<ChildEvent, { type: T }>> {
  return new Promise((resolve, reject) => {
    child.on('message', (event: ChildEvent) => {
      if (event.type === type) resolve(event as Extract<ChildEvent, { type: T }>);
    });
    child.once('exit', () => reject(new Error(`The server ended before it was ${type}.`)));
  });
}

/** A note that was answered rightly must be stored once; any other not at all. */
async function countNotesAmiss(origin: string, outcomes: readonly Outcome[]): Promise<number> {
  const receipts = (await (await fetch(`${origin}/notes`)).json()) as Receipt[];
  const times = new Map<string, number>();
  for (const stored of receipts) times.set(stored.sha256, (times.get(stored.sha256) ?? 0) + 1);
  return outcomes.filter(({ call, verdict }) => {
    if (call.note === undefined) return false;
    return (times.get(sha256(call.note)) ?? 0) !== (verdict === 'right' ? 1 : 0);
  }).length;
}
