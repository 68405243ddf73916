import { storeChecks } from '../../src/index.js';
import { PostgresStore } from '../../src/postgres/store.js';
import { describeOnPostgres } from '../support/each-postgres.js';

describeOnPostgres('the Postgres store', (server) => {
  test.each(storeChecks)('$id: $title', async ({ run }) => {
    const pool = server().pool(20);
    const settings = { schema: 'checks', create: true, leaseMs: 30_000, connectionString: undefined };
    await run({
      async open() {
        const store = new PostgresStore(pool, settings);
        await store.open();
        return store;
      },
    });
    await pool.end();
  });
});
