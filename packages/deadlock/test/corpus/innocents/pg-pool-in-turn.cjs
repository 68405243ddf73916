const { Pool } = require('pg');
const { tracePool } = require('@bootstrap-gate/deadlock');

const options = { port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres', max: 1 };
const pool = tracePool(new Pool(options), 'main', { stallAfterMs: 300 });
async function main() {
  await Promise.all([1, 2, 3, 4].map(() => pool.query('select pg_sleep(0.15)')));
  await pool.end();
  console.log('up');
}
main();
