const express = require('express');

const app = express();

async function start() {
  const never = new Promise(() => {});
  await Promise.race([never, new Promise((resolve) => setTimeout(resolve, 300))]);
  app.get('/', (req, res) => res.send('the cities'));
  app.listen(0);
}

start();
