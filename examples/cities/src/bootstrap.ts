/** What has to be done once before the application can answer: a database with the cities in it. */
import type { Database } from './database.js';
import { cities, type City } from './dataset.js';

/** What loading needs of the gate's `boot`; the demo also runs it without a gate. */
export interface Steps {
  step<T>(
    name: string,
    fn: (context: StepContext) => Promise<T>,
    options?: { readonly stop?: (value: T) => unknown },
  ): Promise<T>;
}

interface StepContext {
  readonly signal: AbortSignal;
  progress(fraction: number, text?: string): void;
}

/** An application's bootstrap, with its database. */
export type Load = (boot: Steps, database: Database) => Promise<void>;

export const loadCities: Load = (boot, database) => load(boot, database, cities);

/** Loads the first `count` cities only: enough for a test. */
export function loadSome(count: number): Load {
  return (boot, database) => load(boot, database, cities.slice(0, count));
}

async function load(boot: Steps, database: Database, rows: readonly City[]): Promise<void> {
  await boot.step('database', ({ signal }) => database.start(signal), { stop: () => database.stop() });
  await boot.step('schema', () => createTables(database));
  await boot.step('cities', ({ signal, progress }) => copy(rows, database, signal, progress));
  await boot.step('index', () => createIndex(database));
}

async function createTables(database: Database): Promise<void> {
  await database.query(
    'CREATE TABLE city (id int PRIMARY KEY, name text COLLATE "C" NOT NULL, country text NOT NULL, population int NOT NULL)',
  );
  await database.query('CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL)');
}

/** In portions, so that there is progress to show and an abort is noticed. */
const PORTION = 5_000;

async function copy(
  rows: readonly City[],
  database: Database,
  signal: AbortSignal,
  progress: StepContext['progress'],
): Promise<void> {
  for (let start = 0; start < rows.length; start += PORTION) {
    signal.throwIfAborted();
    const portion = rows.slice(start, start + PORTION);
    await database.query("COPY city FROM '/dev/blob' (FORMAT csv)", [], portion.map(csvLine).join(''));
    const done = start + portion.length;
    progress(done / rows.length, `${done.toLocaleString('en')} of ${rows.length.toLocaleString('en')}`);
  }
}

function csvLine({ id, name, country, population }: City): string {
  return `${id},"${name.replaceAll('"', '""')}",${country},${population}\n`;
}

async function createIndex(database: Database): Promise<void> {
  await database.query('CREATE INDEX city_name ON city (name)');
  await database.query('ANALYZE city');
}
