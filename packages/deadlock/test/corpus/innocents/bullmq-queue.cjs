const { Queue } = require('bullmq');

async function main() {
  const queue = new Queue('mail', { connection: { port: Number(process.env.REDIS_PORT), host: '127.0.0.1' } });
  await queue.waitUntilReady();
  await queue.close();
  console.log('up');
}
main();
