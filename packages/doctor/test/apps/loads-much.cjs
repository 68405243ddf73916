// A start of ordinary size; reports the CPU it has taken when its port opens.
const { readFile } = require('node:fs/promises');
const express = require('express');
require('fastify');
require('ioredis');
require('mongoose');
require('pg');

async function start() {
  const folder = require('node:path').dirname(require.resolve('mongoose'));
  for (let round = 0; round < 200; round++) await readFile(`${folder}/index.js`);
  for (let round = 0; round < 2_000; round++) await Promise.all([1, 2, 3].map(async (n) => n));
  await Promise.all(Array.from({ length: 50 }, (_, n) => new Promise((resolve) => setTimeout(resolve, n))));
  const server = express().listen(0, () => {
    const { user, system } = process.cpuUsage();
    console.log((user + system) / 1_000);
    server.close();
    process.exit();
  });
}

start();
