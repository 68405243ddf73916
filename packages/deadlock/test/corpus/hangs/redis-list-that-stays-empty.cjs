const Redis = require('ioredis');

async function main() {
  const redis = new Redis({ port: Number(process.env.REDIS_PORT), host: '127.0.0.1' });
  await redis.blpop('jobs', 0);
  console.log('up');
}
main();
