import { postgresOnce } from '@bootstrap-gate/once/postgres';
import type { Boot } from 'bootstrap-gate';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';

export async function bootstrap(
  boot: Boot,
  pool: pg.Pool,
  url: string,
  folder: string,
  version: string,
): Promise<void> {
  const once = postgresOnce(pool, { namespace: 'shop' });
  await boot.step(
    'migrate',
    once.run({ key: version }, async () => {
      const options = { dir: folder, direction: 'up', migrationsTable: 'pgmigrations', log: () => {} } as const;
      // No lock of its own: a session lock means nothing behind a transaction pooler, and no other replica migrates.
      const applied = await runner({ ...options, databaseUrl: url, noLock: true });
      return { applied: applied.map(({ name }) => name) };
    }),
  );
}
