// One session holds a row that another one waits for, in the same process.
const { Pool } = require('pg');
const { tracePool } = require('@bootstrap-gate/deadlock');

const pool = tracePool(new Pool({ port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres' }), 'main', {
  stallAfterMs: 500,
});

async function main() {
  await pool.query('create table if not exists locked_settings (id int primary key, value int)');
  await pool.query('insert into locked_settings values (1, 1) on conflict do nothing');
  const first = await pool.connect();
  await first.query('begin');
  await first.query('update locked_settings set value = 2 where id = 1');
  await pool.query('update locked_settings set value = 3 where id = 1');
  console.log('up');
}
main();
