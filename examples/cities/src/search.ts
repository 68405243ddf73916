/** Searching cities. */
import type { Database } from './database.js';
import type { City } from './dataset.js';

export const PAGE = 10;

export interface Found {
  /** How many cities there are in all; the largest of them are in `cities`. */
  readonly total: number;
  readonly cities: readonly City[];
}

/** The largest cities whose name begins with `prefix`, as it is written. */
export async function searchCities(database: Database, prefix: string): Promise<Found> {
  const rows = await database.query<City & { total: number }>(
    `SELECT id, name, country, population, (count(*) OVER ())::int AS total
       FROM city WHERE name ^@ $1 ORDER BY population DESC, id LIMIT ${PAGE}`,
    [prefix],
  );
  return { total: rows[0]?.total ?? 0, cities: rows.map(({ total: _, ...city }) => city) };
}
