const express = require('express');
const net = require('node:net');

const app = express();
let connection;

async function connection1() {
  if (connection) return connection;
  const socket = net.connect(process.env.SERVICE_PORT, '127.0.0.1');
  await new Promise((resolve) => socket.once('data', resolve));
  connection = socket;
  return socket;
}

app.get('/', async (req, res) => {
  await connection1();
  res.send('connected');
});
app.listen(process.env.PORT ?? 0);
