const express = require('express');

const app = express();
const cities = [];

async function load() {
  await new Promise((resolve) => setTimeout(resolve, 700));
  cities.push('Bern', 'Oslo');
}

app.get('/', (req, res) => res.json({ now: Date.now(), cities }));
load();
app.listen(process.env.PORT ?? 0);
