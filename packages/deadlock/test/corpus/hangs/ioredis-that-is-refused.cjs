const Redis = require('ioredis');

async function main() {
  const redis = new Redis({ port: 1, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 100 });
  redis.on('error', () => {});
  await redis.get('flags');
  console.log('up');
}
main();
