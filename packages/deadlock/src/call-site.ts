/** A place in the user's code; finding out its name costs more than remembering it, so that is done when it is asked for. */
export type Place = () => string;

const UNKNOWN = 'unknown place';
export const unknownPlace: Place = () => UNKNOWN;

/** The place that called `below`. */
export function placeOf(below: (...args: never[]) => unknown): Place {
  const holder: { stack?: unknown } = {};
  try {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 1;
    Error.captureStackTrace(holder, below);
    Error.stackTraceLimit = limit;
  } catch {
    return unknownPlace; // a process whose intrinsics are frozen
  }
  return () => {
    try {
      return (holder.stack as string).split('\n')[1]?.trim().replace(/^at /, '') ?? UNKNOWN;
    } catch {
      return UNKNOWN; // an Error.prepareStackTrace that gives no text, or throws
    }
  };
}

export const callSite = (below: (...args: never[]) => unknown): string => placeOf(below)();
