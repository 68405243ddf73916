import express from 'express';

const app = express();
let cities;

app.get('/cities', (req, res) => res.json(cities.map((name) => name.toUpperCase())));
app.listen(process.env.PORT ?? 0);
await start();

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 700));
  cities = ['Bern', 'Oslo'];
}
