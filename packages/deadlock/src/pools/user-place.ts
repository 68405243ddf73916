/** The line of the application that asked a pool for something, through as many functions of libraries as it takes. */
import { type Place, unknownPlace } from '../call-site.js';
import { originOf } from '../explain/scripts.js';

/** Deeper than the calls of a library between the application and its pool. */
const FRAMES = 30;

/** @param otherwise where there is none, because the library calls later: the query, say */
export function userPlace(below: (...args: never[]) => unknown, otherwise: Place = unknownPlace): Place {
  const holder: { stack?: unknown } = {};
  try {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(holder, below);
    Error.stackTraceLimit = limit;
  } catch {
    return otherwise;
  }
  let place: string | undefined;
  return () => (place ??= firstOfApp(String(holder.stack ?? '')) ?? otherwise());
}

function firstOfApp(stack: string): string | undefined {
  const frames = stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/^at (?:async )?/, ''));
  return frames.find((frame) => originOf(/\(?([^()\s]+):\d+:\d+\)?$/.exec(frame)?.[1] ?? '') === 'app');
}
