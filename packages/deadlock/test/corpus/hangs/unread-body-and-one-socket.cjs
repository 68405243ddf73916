// The body of the first response is never read, so its socket is never free.
const http = require('node:http');
const { bigPort } = require('./support/big.cjs');

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const get = (port, path) =>
  new Promise((resolve, reject) => http.get({ port, path, agent, host: '127.0.0.1' }, resolve).on('error', reject));

async function main() {
  const port = await bigPort();
  await get(port, '/first');
  await get(port, '/second');
  console.log('up');
}
main();
