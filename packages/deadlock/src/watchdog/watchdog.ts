/**
 * Notices from a thread of its own that the main thread stands still: an endless loop, `Atomics.wait`, a synchronous child
 * process that waits for this process. The thread says so on stderr, because the main thread cannot say anything.
 */
import { builtin } from '../builtin.js';
import { Watch } from './watch.js';

export interface BlockedLoop {
  /** Epoch ms. */
  readonly since: number;
  /** How long it stood still in all, in ms. */
  readonly blockedMs: number;
  /** Innermost first, such as `load (/app/db.js:3:12)`; empty where the thread is in a call that no debugger interrupts. */
  readonly stack: readonly string[];
  /** Child processes at that time, where the system tells. */
  readonly children: readonly string[];
}

export interface WatchdogOptions {
  /** How long the main thread may stand still, in milliseconds, 300 or more; default 5,000. */
  readonly afterMs?: number;
  /** Called when the main thread runs again, or at the stop, with what the thread wrote to stderr meanwhile. */
  readonly onBlocked?: (blocked: BlockedLoop) => void;
}

/** All share one thread, and the shortest of their times. */
const watchers = new Set<WatchdogOptions>();
let watch: Watch | undefined;

/**
 * Watches until the returned function is called; then nothing of it is left. Costs the main thread some 5 ms and one timer,
 * the process a thread and some 10 MB. Does nothing where there are no threads or they are not permitted, in a worker, and
 * under a debugger, which stops the main thread on purpose.
 */
export function startWatchdog(options: WatchdogOptions = {}): () => void {
  if (!isPossible()) return () => {};
  const watcher = { ...options };
  watchers.add(watcher);
  try {
    watch ??= new Watch(tell);
  } catch {
    watchers.delete(watcher);
    return () => {}; // threads are not permitted
  }
  watch.limit(shortest());
  return () => {
    if (!watchers.has(watcher)) return;
    watch?.listen();
    watchers.delete(watcher);
    if (watchers.size > 0) return watch?.limit(shortest());
    watch?.end();
    watch = undefined;
  };
}

const tell = (blocked: BlockedLoop): void => {
  for (const { onBlocked } of [...watchers]) onBlocked?.(blocked);
};

const shortest = (): number => Math.min(...[...watchers].map(({ afterMs = 5_000 }) => afterMs));

function isPossible(): boolean {
  const isOtherRuntime = process.versions.bun !== undefined || 'Deno' in globalThis;
  return !isOtherRuntime && !isDebugged() && builtin('node:worker_threads')?.isMainThread === true;
}

/** By what starts a debugger, since to ask the inspector itself would load it. */
function isDebugged(): boolean {
  const { NODE_OPTIONS = '', VSCODE_INSPECTOR_OPTIONS } = process.env;
  return VSCODE_INSPECTOR_OPTIONS !== undefined || [...process.execArgv, NODE_OPTIONS].some(mentionsInspector);
}

const mentionsInspector = (option: string): boolean => option.includes('--inspect');
