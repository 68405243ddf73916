const express = require('express');
const net = require('node:net');

const app = express();
app.get('/', (req, res) => res.send('the cities'));
net.connect(1, '127.0.0.1', () => app.listen(0));
