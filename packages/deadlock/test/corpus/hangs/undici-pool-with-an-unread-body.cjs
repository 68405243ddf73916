const { Pool } = require('undici');
const { bigPort } = require('./support/big.cjs');

async function main() {
  const pool = new Pool(`http://127.0.0.1:${await bigPort()}`, { connections: 1 });
  await pool.request({ path: '/first', method: 'GET' });
  await pool.request({ path: '/second', method: 'GET' });
  console.log('up');
}
main();
