const { createServer } = require('node:http');
const { Pool } = require('undici');

const server = createServer((_, res) => res.end('ok'.repeat(1e5)));
server.listen(0, '127.0.0.1', async () => {
  const pool = new Pool(`http://127.0.0.1:${server.address().port}`, { connections: 1 });
  for (const path of ['/first', '/second']) await (await pool.request({ path, method: 'GET' })).body.text();
  await pool.close();
  server.close();
  console.log('up');
});
