// A consumer waits for the next message for as long as the process lives.
const { EventEmitter, on } = require('node:events');

const bus = new EventEmitter();
async function consume() {
  for await (const [message] of on(bus, 'message')) if (message === 'start') console.log('up');
}
void consume();
setTimeout(() => bus.emit('message', 'start'), 20);
setTimeout(() => process.exit(0), 100);
