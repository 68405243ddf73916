const express = require('express');
const net = require('node:net');

const app = express();
let connection;

function connect() {
  const socket = net.connect(process.env.SERVICE_PORT, '127.0.0.1');
  socket.once('data', () => (connection = socket));
  socket.on('error', () => setTimeout(connect, 200));
}

connect();
app.get('/health', (req, res) => res.send('ok'));
app.get('/', (req, res) => res.status(connection ? 200 : 500).send('the cities'));
setTimeout(() => app.listen(0), 300);
