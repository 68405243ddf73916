const express = require('express');

const app = express();

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 400));
  app.get('/', (req, res) => res.send('the cities'));
  app.get('/health', (req, res) => res.send('ok'));
  app.listen(process.env.PORT ?? 0);
}

start();
