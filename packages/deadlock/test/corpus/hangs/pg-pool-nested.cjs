// Each of two requests holds one connection and wants a second.
const { Pool } = require('pg');
const { tracePool } = require('@bootstrap-gate/deadlock');

const pool = tracePool(
  new Pool({ port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres', max: 2 }),
  'main',
  {
    stallAfterMs: 500,
  },
);

async function transfer() {
  const client = await pool.connect();
  await client.query('begin');
  await pool.query('select 1');
  client.release();
}

async function main() {
  await Promise.all([transfer(), transfer()]);
  console.log('up');
}
main();
