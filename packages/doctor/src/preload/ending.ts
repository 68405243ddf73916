/** Reports crashes and the end of the process, by looking at what `process` emits: no listener that others could count. */
import { captureStack, framesOf, placeOf, siteOf } from './call-site.js';
import type { Journal } from './journal.js';
import type { Operations } from './operations.js';
import { replaceMethod } from './replace-method.js';

export function watchEnding(journal: Journal, operations: Operations): void {
  replaceMethod(process, 'emit', (emit) => {
    return function (this: unknown, ...args: unknown[]) {
      if (args[0] === 'uncaughtExceptionMonitor') reportCrash(journal, args[1]);
      if (args[0] !== 'exit') return emit.apply(this, args);
      const site = siteOf(captureStack());
      const pending = operations.pending();
      try {
        return emit.apply(this, args);
      } finally {
        const { user, system } = process.cpuUsage();
        // The listeners may have chosen another code.
        const code = Number(process.exitCode ?? args[1] ?? 0);
        journal.write({ type: 'exit', code, site, pending, cpuMs: (user + system) / 1_000 }, true);
      }
    };
  });
}

function reportCrash(journal: Journal, error: unknown): void {
  const { message, code, stack } = (error ?? {}) as { message?: unknown; code?: unknown; stack?: unknown };
  const own = framesOf({ stack: String(stack) })
    .filter((frame) => !frame.includes('node_modules'))
    .map(placeOf)
    .filter((place) => place !== undefined);
  const text = String(message ?? error).split('\n', 1)[0] ?? '';
  journal.write(
    { type: 'crash', message: text.slice(0, 300), own: own.slice(0, 3), ...(typeof code === 'string' && { code }) },
    true,
  );
}
