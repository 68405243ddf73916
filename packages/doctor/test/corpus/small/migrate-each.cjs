const express = require('express');
const { Pool } = require('pg');

const app = express();
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
let migrated = false;

async function migrate() {
  const client = await pool.connect();
  await client.query("CREATE TABLE IF NOT EXISTS city (name text, secret text DEFAULT 'hunter2')");
  client.release();
  migrated = true;
}

app.get('/', async (req, res) => {
  if (!migrated) await migrate();
  res.send('the cities');
});
app.listen(process.env.PORT ?? 0);
