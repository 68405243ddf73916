// The error is swallowed, and `listening` never comes.
const { createServer } = require('node:net');
const { silentPort } = require('./support/silent.cjs');

async function main() {
  const server = createServer();
  server.on('error', () => {});
  const port = await silentPort();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  console.log('up');
}
main();
setInterval(() => {}, 1_000);
