/** Reads what the preloads of one start write, as they write it. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../journal-entry.js';

/** An entry with the process (and thread) that wrote it. */
export type Recorded<E extends Entry = Entry> = E & { readonly process: string };

export class JournalReader {
  readonly entries: Recorded[] = [];
  readonly #read = new Map<string, number>();
  readonly #managers = new Set<string>();

  constructor(readonly folder: string) {}

  /** Takes in what has been written since the last call. */
  pump(): void {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch {
      return;
    }
    for (const name of names.filter((one) => one.endsWith('.jsonl')))
      for (const line of this.#linesOf(name)) this.#take(name.replace('.jsonl', ''), line);
  }

  of<T extends Entry['type']>(type: T): Recorded<Extract<Entry, { type: T }>>[] {
    return this.entries.filter((entry): entry is Recorded<Extract<Entry, { type: T }>> => entry.type === type);
  }

  last<T extends Entry['type']>(type: T, process?: string): Recorded<Extract<Entry, { type: T }>> | undefined {
    return this.of(type).findLast((entry) => process === undefined || entry.process === process);
  }

  #take(process: string, line: string): void {
    const entry = { ...(JSON.parse(line) as Entry), process };
    if (entry.type === 'start' && isManager(entry.argv[1])) this.#managers.add(process);
    // What npm does before it runs the script is not the application's start.
    if (!this.#managers.has(process)) this.entries.push(entry);
  }

  #linesOf(name: string): string[] {
    const from = this.#read.get(name) ?? 0;
    const file = openSync(join(this.folder, name), 'r');
    try {
      const size = fstatSync(file).size;
      if (size <= from) return [];
      const bytes = Buffer.alloc(size - from);
      readSync(file, bytes, 0, bytes.length, from);
      const complete = bytes.lastIndexOf(0x0a) + 1;
      this.#read.set(name, from + complete);
      return bytes.subarray(0, complete).toString().split('\n').filter(Boolean);
    } finally {
      closeSync(file);
    }
  }
}

function isManager(program = ''): boolean {
  return /[\\/](?:npm|npx|pnpm|pnpx|yarn|corepack)(?:-cli)?(?:\.[cm]?js)?$/.test(program);
}
