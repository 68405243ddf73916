const { Queue } = require('bullmq');

async function main() {
  const queue = new Queue('mail', { connection: { port: 1, host: '127.0.0.1', retryStrategy: () => 100 } });
  queue.on('error', () => {});
  await queue.waitUntilReady();
  console.log('up');
}
main();
