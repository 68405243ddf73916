const { once } = require('node:events');
const { silentPort } = require('./support/silent.cjs');
const { connect } = require('node:net');

async function main() {
  const socket = connect(await silentPort(), '127.0.0.1');
  socket.write('HELLO\n');
  const [greeting] = await once(socket, 'data');
  console.log('up', String(greeting));
}
main();
