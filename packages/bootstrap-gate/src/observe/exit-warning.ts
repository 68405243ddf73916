/**
 * A process that has nothing left to do ends silently with exit code 0, also when a bootstrap is pending that now can
 * never finish. Here it says so, and ends with 1.
 */
import { examineNow, warningOf } from '@bootstrap-gate/deadlock/adapter';

interface Unfinished {
  /** Asked for at the end. */
  readonly text: () => string;
  /** What the process awaits meanwhile; asked for once, when there is nothing left to do. */
  readonly explain: () => Promise<string>;
  explanation?: string;
}

const unfinished = new Set<Unfinished>();
let hasRunDry = false;

/** Warns with this text when the process ends by itself, until the returned function is called. */
export function warnAtExit(text: () => string, explain = (): Promise<string> => Promise.resolve('')): () => void {
  const entry: Unfinished = { text, explain };
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
  const news = [...unfinished].filter(({ explanation }) => explanation === undefined);
  if (news.length === 0) return;
  for (const entry of news) entry.explanation = '';
  examineNow(); // what is refused now may still end well
  for (const entry of news) void entry.explain().then((text) => (entry.explanation = text));
}

function onExit(): void {
  if (!hasRunDry) return;
  // A warning would be told in the next tick, which does not come any more.
  for (const { text, explanation } of unfinished) {
    const warning = warningOf('GATE_UNFINISHED', text());
    const detail = explanation ? `${explanation}\n${warning.detail}` : warning.detail;
    process.emit('warning', Object.assign(warning, { detail }));
  }
  process.exitCode ??= 1; // Node has set 13 by now where a top-level await is pending
}
