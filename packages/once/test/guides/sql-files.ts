import { readdir, readFile } from 'node:fs/promises';
import { postgresOnce } from '@bootstrap-gate/once/postgres';
import type { Boot } from 'bootstrap-gate';
import type pg from 'pg';

export async function bootstrap(boot: Boot, pool: pg.Pool, folder: string): Promise<void> {
  const once = postgresOnce(pool, { namespace: 'shop' });
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();

  // One step a file: each runs once, in one transaction with its record, whoever dies when.
  for (const [i, file] of files.entries()) {
    await boot.step(
      `migrate ${file}`,
      once.transaction({ order: i + 1, key: file }, async (tx) => {
        await tx.query(await readFile(`${folder}/${file}`, 'utf8'));
      }),
    );
  }
}
