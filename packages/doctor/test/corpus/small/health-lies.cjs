const express = require('express');

const app = express();
let names;

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 700));
  names = ['Bern'];
}

app.get('/ready', (req, res) => res.send('ready'));
app.get('/', (req, res) => res.send(names[0]));
start().catch(() => process.exit(1));
app.listen(process.env.PORT ?? 0);
