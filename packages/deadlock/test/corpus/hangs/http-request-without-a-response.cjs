const http = require('node:http');
const { silentPort } = require('./support/silent.cjs');

async function main() {
  const port = await silentPort();
  await new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', path: '/flags' }, resolve).on('error', reject);
  });
  console.log('up');
}
main();
