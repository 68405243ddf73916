/**
 * While the main thread waits for a synchronous child process, no debugger can ask it for its stack. So the three functions
 * that start one leave their caller's stack where the watchdog can read it; afterwards they are as they were.
 */
import { builtin } from '../builtin.js';
import { NOTE } from './thread.js';

const names = ['execSync', 'execFileSync', 'spawnSync'] as const;

export class SyncChildren {
  readonly #numbers: Int32Array;
  readonly #note: Uint8Array;
  readonly #restores: (() => void)[] = [];

  constructor(numbers: Int32Array, note: Uint8Array) {
    this.#numbers = numbers;
    this.#note = note;
    this.note();
  }

  /** From now on, if the program has loaded what starts child processes; to load it here would cost 4 ms. */
  note(): void {
    if (this.#restores.length > 0 || !isLoaded()) return;
    const childProcess = builtin('node:child_process');
    if (!childProcess) return;
    this.#restores.push(...names.map((name) => wrap(childProcess, name, this.#numbers, this.#note)));
    publish();
  }

  forget(): void {
    if (this.#restores.length === 0) return;
    for (const restore of this.#restores.splice(0)) restore();
    publish();
  }
}

/** True as well where a runtime does not tell. */
function isLoaded(): boolean {
  const { moduleLoadList } = process as { readonly moduleLoadList?: readonly string[] };
  return moduleLoadList?.includes('NativeModule child_process') ?? true;
}

type Functions = Record<(typeof names)[number], (...args: never[]) => unknown>;

function wrap(functions: Functions, name: (typeof names)[number], numbers: Int32Array, note: Uint8Array): () => void {
  const original = functions[name];
  const noting = {
    [name](this: unknown, ...args: never[]): unknown {
      const before = Atomics.load(numbers, NOTE);
      if (before === 0) Atomics.store(numbers, NOTE, write(stackOf(noting), note));
      try {
        return Reflect.apply(original, this, args);
      } finally {
        if (before === 0) Atomics.store(numbers, NOTE, 0);
      }
    },
  }[name] as Functions[typeof name];
  try {
    functions[name] = noting;
  } catch {
    // The functions are frozen: then there is no stack.
  }
  return () => {
    if (functions[name] === noting) functions[name] = original;
  };
}

function stackOf(below: (...args: never[]) => unknown): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  const frames = String(holder.stack ?? '')
    .split('\n')
    .slice(1);
  return [`${below.name} (node:child_process)`, ...frames.map((line) => line.trim().replace(/^at /, ''))].join('\n');
}

const write = (text: string, note: Uint8Array): number => {
  const bytes = new TextEncoder().encode(text).subarray(0, note.length);
  note.set(bytes);
  return bytes.length;
};

/** For those who imported the functions by name. */
function publish(): void {
  try {
    builtin('node:module')?.syncBuiltinESMExports();
  } catch {
    // A runtime without it.
  }
}
