import { execFileSync } from 'node:child_process';
import { postgresOnce } from '@bootstrap-gate/once/postgres';
import type { Boot } from 'bootstrap-gate';
import type pg from 'pg';

export async function bootstrap(boot: Boot, pool: pg.Pool, url: string, version: string): Promise<void> {
  // The command blocks the event loop: with a connectionString a worker thread keeps the lease meanwhile.
  const once = postgresOnce(pool, { namespace: 'shop', connectionString: url });
  await boot.step(
    'migrate',
    once.run({ key: version }, () => {
      execFileSync('npx', ['prisma', 'migrate', 'deploy'], {
        stdio: 'inherit',
        env: { ...process.env, DATABASE_URL: url, PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK: '1' },
      });
    }),
  );
}
