const express = require('express');

const app = express();
const ready = new Promise(() => {});

app.use(async (req, res, next) => {
  await ready;
  next();
});
app.get('/', (req, res) => res.send('the cities'));
app.listen(0);
