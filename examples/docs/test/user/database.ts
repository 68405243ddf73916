/** What the documentation calls the user's own: a database that is there at once and remembers how it was used. */
export interface Database {
  query(text: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  end(): Promise<void>;
}

/** How many databases were opened, and are open now. */
export const uses = { opened: 0, open: 0 };

export async function connect(_url?: string, _options?: { readonly signal: AbortSignal }): Promise<Database> {
  uses.opened++;
  uses.open++;
  await new Promise(setImmediate); // the next requests arrive meanwhile
  return { query: async () => [], end: async () => void uses.open-- };
}

export async function migrate(db: Database): Promise<void> {
  await db.query('CREATE TABLE city (name text)');
}

/** Something that a step can do bit by bit. */
export async function copyRows(db: Database, report: (done: number, all: number) => void): Promise<void> {
  for (const done of [1, 2, 3]) {
    await db.query('INSERT …');
    report(done, 3);
  }
}
