import { postgresOnce } from '@bootstrap-gate/once/postgres';
import type { Boot } from 'bootstrap-gate';
import type pg from 'pg';

export async function bootstrap(boot: Boot, pool: pg.Pool): Promise<void> {
  const once = postgresOnce(pool, { namespace: 'shop' });
  await boot.step(
    'backfill',
    once.run({ key: 'slugs-1' }, async ({ signal, progress, guard }) => {
      for (let from = 0; from < 100; from += 10) {
        signal.throwIfAborted();
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await guard(client); // commits only while this replica still holds the step
          await client.query('UPDATE city SET slug = lower(name) WHERE id >= $1 AND id < $2', [from, from + 10]);
          await client.query('COMMIT');
          client.release();
        } catch (error) {
          client.release(true);
          throw error;
        }
        progress((from + 10) / 100);
      }
    }),
  );
}
