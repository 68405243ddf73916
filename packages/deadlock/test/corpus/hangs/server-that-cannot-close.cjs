// close() waits for a connection that stays open.
const { createServer, connect } = require('node:net');

async function main() {
  const server = createServer(() => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  connect(server.address().port, '127.0.0.1');
  await new Promise((resolve) => server.once('connection', resolve));
  await new Promise((resolve) => server.close(resolve));
  console.log('up');
}
main();
