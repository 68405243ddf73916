const knex = require('knex');
const { tracePool } = require('@bootstrap-gate/deadlock');

const connection = { port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres' };
const db = tracePool(knex({ client: 'pg', connection, pool: { min: 0, max: 1 } }), 'main', { stallAfterMs: 300 });
async function main() {
  await db.transaction(async (trx) => {
    await trx.raw('select pg_sleep(0.2)');
    await trx.transaction(async (inner) => inner.raw('select 2'));
  });
  await db.destroy();
  console.log('up');
}
main();
