/**
 * A builtin module of the runtime, fetched when it is used: at module load nothing here may cost time or pull in the
 * inspector, and on a runtime without the module the caller gets undefined.
 */
export function builtin<Id extends keyof Builtins>(id: Id): Builtins[Id] | undefined {
  try {
    return process.getBuiltinModule?.(id) as Builtins[Id] | undefined;
  } catch {
    return undefined;
  }
}

interface Builtins {
  'node:child_process': typeof import('node:child_process');
  'node:diagnostics_channel': typeof import('node:diagnostics_channel');
  'node:fs': typeof import('node:fs');
  'node:inspector': typeof import('node:inspector');
  'node:module': typeof import('node:module');
  'node:v8': typeof import('node:v8');
  'node:worker_threads': typeof import('node:worker_threads');
}
