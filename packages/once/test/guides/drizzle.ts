import { postgresOnce } from '@bootstrap-gate/once/postgres';
import type { Boot } from 'bootstrap-gate';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';

export async function bootstrap(boot: Boot, pool: pg.Pool, folder: string, version: string): Promise<void> {
  const once = postgresOnce(pool, { namespace: 'shop' });
  await boot.step(
    'migrate',
    once.run({ key: version }, () => migrate(drizzle({ client: pool }), { migrationsFolder: folder })),
  );
}
