const express = require('express');
const { Pool } = require('pg');

const app = express();
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
app.get('/', async (req, res) => {
  const { rows } = await pool.query('SELECT pg_sleep(0.05), 42 AS answer');
  await pool.query('CREATE TEMPORARY TABLE IF NOT EXISTS visit (name text)');
  res.json(rows[0].answer);
});
app.listen(process.env.PORT ?? 0);
