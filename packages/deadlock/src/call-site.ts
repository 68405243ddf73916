/** A place in the user's code; finding out its name costs more than remembering it, so that is done when it is asked for. */
export type Place = () => string;

/** The place that called `below`. */
export function placeOf(below: (...args: never[]) => unknown): Place {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  return () => holder.stack?.split('\n')[1]?.trim().replace(/^at /, '') ?? 'unknown place';
}

export const callSite = (below: (...args: never[]) => unknown): string => placeOf(below)();
