// The inner query does not use the transaction, and the pool has one connection.
const knex = require('knex');
const { tracePool } = require('@bootstrap-gate/deadlock');

const connection = { port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres' };
const db = tracePool(knex({ client: 'pg', connection, pool: { min: 0, max: 1 } }), 'main', { stallAfterMs: 500 });

async function main() {
  await db.transaction(async (trx) => {
    await trx.raw('select 1');
    await db.raw('select 2');
  });
  console.log('up');
}
main();
