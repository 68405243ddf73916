const express = require('express');

const app = express();
let ready = false;
setTimeout(() => (ready = true), 700);
app.get('/livez', (req, res) => res.send('ok'));
app.get('/readyz', (req, res) => res.status(ready ? 200 : 503).send(ready ? 'ok' : 'no'));
app.use((req, res, next) => (ready ? next() : res.set('Retry-After', '1').status(503).send('starting')));
app.get('/', (req, res) => res.send('the cities'));
app.listen(0);
