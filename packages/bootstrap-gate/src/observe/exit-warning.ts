/**
 * A process that has nothing left to do ends silently with exit code 0, also when a bootstrap is pending that now can
 * never finish. Here it says so, and ends with 1.
 */
import { warningOf } from '@bootstrap-gate/deadlock/adapter';

/** Texts of what is unfinished, asked for at the end. */
const unfinished = new Set<() => string>();
let hasRunDry = false;

/** Warns with this text when the process ends by itself, until the returned function is called. */
export function warnAtExit(text: () => string): () => void {
  const entry = (): string => text();
  if (unfinished.size === 0) process.on('beforeExit', onDry).on('exit', onExit);
  unfinished.add(entry);
  return () => {
    unfinished.delete(entry);
    if (unfinished.size === 0) process.off('beforeExit', onDry).off('exit', onExit);
  };
}

/** `process.exit()` and uncaught errors are somebody's decision or have their own last word; they do not come by here. */
function onDry(): void {
  hasRunDry = true;
  setImmediate(() => (hasRunDry = false)).unref(); // another listener may have found work to do
}

function onExit(): void {
  if (!hasRunDry) return;
  // A warning would be told in the next tick, which does not come any more.
  for (const text of unfinished) process.emit('warning', warningOf('GATE_UNFINISHED', text()));
  process.exitCode ??= 1; // Node has set 13 by now where a top-level await is pending
}
