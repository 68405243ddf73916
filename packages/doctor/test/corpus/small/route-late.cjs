const express = require('express');

const app = express();

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 700));
  app.get('/', (req, res) => res.send('the cities'));
}

start();
app.listen(process.env.PORT ?? 0);
