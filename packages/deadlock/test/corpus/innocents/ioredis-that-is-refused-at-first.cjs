// It comes up at the second try.
const Redis = require('ioredis');

async function main() {
  let port = 1;
  const redis = new Redis({ lazyConnect: true, host: '127.0.0.1', port, retryStrategy: () => 50 });
  redis.on('error', () => (redis.options.port = Number(process.env.REDIS_PORT)));
  await redis.get('flags');
  redis.disconnect();
  console.log('up');
}
main();
