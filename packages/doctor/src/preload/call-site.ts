/** Stack traces of the application: cheap to take, turned into text only when they are written down. */
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import type { CallSite, Place } from '../journal-entry.js';

/** A stack that V8 has not formatted yet. */
export interface Stack {
  stack?: string;
}

const DEPTH = 40;
const HERE = dirname(fileOf(new Error().stack?.split('\n')[1] ?? ''));

export function captureStack(): Stack {
  const holder: Stack = {};
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = DEPTH;
    Error.captureStackTrace(holder, captureStack);
    Error.stackTraceLimit = limit;
  } catch {
    // Frozen intrinsics: a place is missing then, nothing else.
  }
  return holder;
}

/** The frames of the application and its packages, innermost first, without Node's own and this preload's. */
export function framesOf(holder: Stack): string[] {
  return formatted(holder)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().slice('at '.length))
    .filter((frame) => !/(^|\()node:/.test(frame) && !isPreload(frame));
}

/** Whether a stack frame or a path is of this preload. */
export function isPreload(text: string): boolean {
  return HERE.length > 1 && text.includes(HERE);
}

export function siteOf(holder: Stack): CallSite {
  const frames = framesOf(holder);
  const own = frames.filter((frame) => !frame.includes('node_modules')).map(placeOf);
  const inPackage = frames.map((frame) =>
    /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](?!.*node_modules)/.exec(frame),
  );
  return {
    own: own.filter((place) => place !== undefined).slice(0, 3),
    package: inPackage.find((match) => match !== null)?.[1],
  };
}

export function placeOf(frame: string): Place | undefined {
  const match = /^(?:async )?(?:(.*?) \()?((?:file:\/\/)?[^()]+):(\d+):(\d+)\)?$/.exec(frame);
  if (!match?.[2]?.includes('/') && !match?.[2]?.includes('\\')) return undefined;
  const [, fn, file, line, column] = match;
  return { file: asPath(file ?? ''), line: Number(line), column: Number(column), ...(fn ? { fn } : {}) };
}

function asPath(file: string): string {
  try {
    return file.startsWith('file://') ? fileURLToPath(file.replace(/\?.*$/, '')) : file;
  } catch {
    return file;
  }
}

function fileOf(frame: string): string {
  return placeOf(frame.trim().slice('at '.length))?.file ?? '';
}

/** With the application's own `Error.prepareStackTrace` a stack may be anything. */
function formatted(holder: Stack): string {
  const { prepareStackTrace: theirs } = Error;
  if (theirs === undefined) return String(holder.stack);
  try {
    Object.assign(Error, { prepareStackTrace: undefined });
    return String(holder.stack);
  } catch {
    return ''; // frozen intrinsics
  } finally {
    Object.assign(Error, { prepareStackTrace: theirs });
  }
}
