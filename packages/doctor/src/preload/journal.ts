/** Writes entries to this process's file, without IPC and without handles that keep the process alive. */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { Entry } from '../journal-entry.js';

type Unstamped<T> = T extends Entry ? Omit<T, 'at'> & { readonly at?: number } : never;

export interface Journal {
  /** `urgent`: the examiner acts on it, so it is written at once. */
  write(entry: Unstamped<Entry>, urgent?: boolean): void;
  flush(): void;
}

const FULL = 32_768;
// The application may replace these later, by mock-fs for instance.
const append = writeSync;
const { performance } = globalThis;

export function openJournal(folder: string): Journal {
  const file = openSync(join(folder, `${process.pid}-${threadId}.jsonl`), 'a');
  let buffered = '';

  function flush(): void {
    if (buffered === '') return;
    const text = buffered;
    buffered = '';
    try {
      append(file, text);
    } catch {
      // The folder is gone: the examination is over.
    }
  }

  return {
    write(entry, urgent = false) {
      try {
        buffered += `${JSON.stringify({ at: now(), ...entry })}\n`;
      } catch {
        return;
      }
      if (urgent || buffered.length > FULL) flush();
    },
    flush,
  };
}

/** Epoch milliseconds with a fraction, comparable between processes of one machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
