/** Every request of a round. */
import type { ClientKind, Ask } from '../plan/types.js';
import { Entry, type Run } from './entry.js';
import { complaintAbout } from './judge.js';
import { PilotBook } from './pilot-book.js';
import type { SiteFacts } from './site-facts.js';

export class RequestBook {
  readonly pilots: PilotBook;
  readonly #complain: (text: string) => void;
  readonly #entries = new Map<number, Entry>();

  constructor(complain: (text: string) => void) {
    this.#complain = complain;
    this.pilots = new PilotBook(complain);
  }

  get all(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** A client is about to send it. */
  open(kind: ClientKind, ask: Ask, site: SiteFacts): Entry {
    const entry = new Entry(this.#entries.size + 1, kind, ask, site, this.#complain);
    this.#entries.set(entry.id, entry);
    return entry;
  }

  /** The application has been called for it. */
  run(id: number, { isGone }: { readonly isGone: boolean }): Run {
    const run: Run = {};
    const entry = this.#entries.get(id);
    if (!entry) {
      this.#complain(`the application was called for request ${id}, which nobody sent`);
      return run;
    }
    entry.runs.push(run);
    if (entry.runs.length > 1)
      this.#complain(`the application was called ${entry.runs.length} times for ${entry.name}`);
    if (isGone) this.#complain(`the application was called for ${entry.name}, whose client was gone`);
    return run;
  }

  close(): void {
    for (const entry of this.#entries.values()) {
      const complaint = complaintAbout(entry);
      if (complaint) this.#complain(`${entry.name} ${complaint}`);
    }
  }
}
