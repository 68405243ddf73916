const express = require('express');

const app = express();
let left = 10;
setInterval(() => (left = 10), 60_000);
app.use((req, res, next) => (left-- > 0 ? next() : res.status(429).send('slow down')));
app.get('/', (req, res) => res.send('the cities'));
app.listen(0);
