import type * as childProcess from 'node:child_process';
import type * as events from 'node:events';
import type * as fs from 'node:fs';
import type * as inspector from 'node:inspector';
import type * as modules from 'node:module';
import type * as v8 from 'node:v8';
import type * as workers from 'node:worker_threads';

/**
 * A builtin module of the runtime, fetched when it is used: at module load nothing here may cost time or pull in the
 * inspector, and on a runtime without the module the caller gets undefined.
 */
export function builtin<Id extends keyof Builtins>(id: Id): Builtins[Id] | undefined {
  try {
    return process.getBuiltinModule?.(id) as unknown as Builtins[Id] | undefined;
  } catch {
    return undefined;
  }
}

interface Builtins {
  'node:diagnostics_channel': Channels;
  'node:child_process': typeof childProcess;
  'node:events': typeof events;
  'node:fs': typeof fs;
  'node:inspector': typeof inspector;
  'node:module': typeof modules;
  'node:v8': typeof v8;
  'node:worker_threads': typeof workers;
}

/** What is used of it. */
interface Channels {
  subscribe(name: string, listener: (message: unknown) => void): void;
  unsubscribe(name: string, listener: (message: unknown) => void): boolean;
}
