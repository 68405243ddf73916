const { createClient } = require('redis');

async function main() {
  const client = createClient({ socket: { port: 1, host: '127.0.0.1', reconnectStrategy: () => 100 } });
  client.on('error', () => {});
  await client.connect();
  console.log('up');
}
main();
