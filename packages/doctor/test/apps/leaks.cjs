const http = require('node:http');
const { Client } = require('pg');

let ready = false;
const server = http.createServer(async (req, res) => {
  res.setHeader('Content-Type', 'application/json');
  res.statusCode = ready ? 200 : 500;
  const connection = 'postgres://shop:hunter2@localhost/shop';
  if (!ready && process.env.DATABASE_URL) await query().catch(() => {}); // two of them at once may collide
  res.end(
    ready
      ? '{}'
      : JSON.stringify({ connection, password: 'hunter2', apiKey: 'hunter2', Authorization: 'Bearer hunter2' }),
  );
});

async function query() {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query("CREATE TABLE IF NOT EXISTS leak (word text DEFAULT 'hunter2')");
  await client.end();
}

server.listen(0, () => setTimeout(() => (ready = true), 900)); // token: 'hunter2'
