const express = require('express');

const app = express();
app.get('/ready', (req, res) => res.send('ok'));
start();
app.listen(process.env.PORT);

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 500)); // connect, migrate, load …
  app.get('/', (req, res) => res.send('<h1>Cities</h1>'));
}
