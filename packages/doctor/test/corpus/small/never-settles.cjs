const express = require('express');

const app = express();
setInterval(() => {}, 1000);

function loaded() {
  return new Promise((resolve, reject) => {
    if (process.argv.includes('--never')) resolve(reject);
  });
}

async function start() {
  await loaded();
  app.listen(0);
}

start();
