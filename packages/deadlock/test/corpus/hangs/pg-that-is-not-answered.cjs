const { Client } = require('pg');
const { silentPort } = require('./support/silent.cjs');

async function main() {
  const client = new Client({ host: '127.0.0.1', port: await silentPort(), user: 'app', database: 'app' });
  await client.connect();
  console.log('up');
}
main();
