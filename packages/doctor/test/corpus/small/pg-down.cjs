const express = require('express');
const { Client } = require('pg');

async function start() {
  const client = new Client({ connectionString: 'postgres://shop:hunter2@127.0.0.1:1/shop' });
  await client.connect();
  express().listen(0);
}

start();
