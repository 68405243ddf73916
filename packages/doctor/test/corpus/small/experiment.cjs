const express = require('express');

const app = express();
app.get('/', (req, res) => res.send(Math.random() < 0.3 ? '<h1>Buy now</h1>' : '<h1>Please buy</h1>'));
app.listen(0);
