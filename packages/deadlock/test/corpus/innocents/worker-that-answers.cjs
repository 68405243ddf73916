const { once } = require('node:events');
const { Worker } = require('node:worker_threads');

async function main() {
  const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true, execArgv: [] });
  await once(worker, 'message');
  console.log('up');
}
main();
