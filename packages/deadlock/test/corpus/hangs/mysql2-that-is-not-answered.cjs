const mysql = require('mysql2/promise');
const { silentPort } = require('./support/silent.cjs');

async function main() {
  await mysql.createConnection({ host: '127.0.0.1', port: await silentPort(), connectTimeout: 0 });
  console.log('up');
}
main();
