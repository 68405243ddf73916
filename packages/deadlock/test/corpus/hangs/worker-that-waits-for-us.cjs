// The worker waits for a message, and so does the main thread.
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');

async function main() {
  const worker = new Worker('require("node:worker_threads").parentPort.once("message", () => {})', {
    eval: true,
    execArgv: [],
  });
  await once(worker, 'message');
  console.log('up');
}
main();
