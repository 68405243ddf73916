// A session waits for a row until the other one commits.
const { Pool } = require('pg');
const { tracePool } = require('@bootstrap-gate/deadlock');

const options = { port: Number(process.env.PGPORT), host: '127.0.0.1', user: 'postgres' };
const pool = tracePool(new Pool(options), 'main', { stallAfterMs: 300 });
async function main() {
  await pool.query('create table if not exists released_settings (id int primary key, value int)');
  await pool.query('insert into released_settings values (1, 1) on conflict do nothing');
  const first = await pool.connect();
  await first.query('begin');
  await first.query('update released_settings set value = 2 where id = 1');
  const second = pool.query('update released_settings set value = 3 where id = 1');
  await first.query('commit');
  first.release();
  await second;
  await pool.end();
  console.log('up');
}
main();
