import { postgresOnce } from '@bootstrap-gate/once/postgres';
import type { Boot } from 'bootstrap-gate';
import type { Knex } from 'knex';
import type pg from 'pg';

export async function bootstrap(boot: Boot, pool: pg.Pool, knex: Knex, version: string): Promise<void> {
  const once = postgresOnce(pool, { namespace: 'shop' });
  await boot.step(
    'migrate',
    once.run({ key: version }, async () => {
      // A lock that a killed process left behind. Knex alone could not know; here no other replica migrates.
      await knex.migrate.forceFreeMigrationsLock();
      const [, applied] = (await knex.migrate.latest()) as [number, string[]];
      return { applied };
    }),
  );
}
