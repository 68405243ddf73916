const { createClient } = require('redis');

async function main() {
  const client = createClient({ socket: { port: Number(process.env.REDIS_PORT), host: '127.0.0.1' } });
  await client.connect();
  await client.set('flag', 'on');
  await client.quit();
  console.log('up');
}
main();
