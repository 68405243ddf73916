// The client is ready before anything listens.
const { EventEmitter, once } = require('node:events');

class Client extends EventEmitter {
  connect() {
    this.emit('ready');
  }
}
const client = (globalThis.client = new Client());

async function main() {
  client.connect();
  await once(client, 'ready');
  console.log('up');
}
main();
