/**
 * Notices from a thread of its own that the main thread stands still: an endless loop, `Atomics.wait`, a synchronous child
 * process that waits for this process. The thread says so on stderr, because the main thread cannot say anything.
 */
import { builtin } from '../builtin.js';
import { addWatchdog } from './pause.js';
import { noteSyncChildren } from './sync-children.js';
import { threadSource } from './thread.js';

export interface BlockedLoop {
  /** Epoch ms. */
  readonly since: number;
  readonly blockedMs: number;
  /** Innermost first, such as `load (/app/db.js:3:12)`; empty where the thread is in a call that no debugger interrupts. */
  readonly stack: readonly string[];
  /** Child processes at that time, where the system tells. */
  readonly children: readonly string[];
}

export interface WatchdogOptions {
  /** How long the main thread may stand still, in milliseconds; default 5,000. */
  readonly afterMs?: number;
  /** Called when the main thread runs again, with what was written to stderr meanwhile. */
  readonly onBlocked?: (blocked: BlockedLoop) => void;
}

/** A stack fits in it. */
const NOTE_BYTES = 8_192;

/**
 * Watches until the returned function is called; then nothing of it is left. Costs the main thread 1 to 3 ms and one timer,
 * the process a thread and some 10 MB. Does nothing where there are no threads or they are not permitted.
 */
export function startWatchdog({ afterMs = 5_000, onBlocked }: WatchdogOptions = {}): () => void {
  const worker = startThread(afterMs);
  if (!worker) return () => {};
  const { thread, beat, note } = worker;
  const timer = setInterval(() => Atomics.add(beat, 0, 1), Math.min(250, Math.ceil(afterMs / 8)));
  timer.unref();
  const stopNotes = noteSyncChildren(beat, note);
  const stopPauses = addWatchdog(beat);
  if (onBlocked) thread.on('message', onBlocked);
  // A listener of messages keeps the process alive.
  thread.unref();
  thread.on('error', stop);

  function stop(): void {
    clearInterval(timer);
    stopNotes();
    stopPauses();
    thread.removeAllListeners('message');
    void thread.terminate();
  }
  return stop;
}

function startThread(afterMs: number) {
  if (process.versions.bun !== undefined || 'Deno' in globalThis) return undefined;
  try {
    const { Worker } = builtin('node:worker_threads') ?? {};
    if (!Worker) return undefined;
    const beat = new Int32Array(new SharedArrayBuffer(12));
    const note = new Uint8Array(new SharedArrayBuffer(NOTE_BYTES));
    const thread = new Worker(threadSource, {
      eval: true,
      // Neither the program's preloads nor its settings are for this thread.
      execArgv: [],
      env: {},
      workerData: { beat, note, afterMs, pid: process.pid },
      name: 'bootstrap-gate watchdog',
    });
    return { thread, beat, note };
  } catch {
    return undefined;
  }
}
