const { Pool } = require('pg');
const { tracePool } = require('@bootstrap-gate/deadlock');

const pool = tracePool(
  new Pool({ port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres', max: 1 }),
  'main',
  {
    stallAfterMs: 500,
  },
);

async function checkVersion() {
  const client = await pool.connect();
  await client.query('show server_version');
}

async function main() {
  await checkVersion();
  await pool.query('select 1');
  console.log('up');
}
main();
