const express = require('express');
const net = require('node:net');

const app = express();
app.get('/', (req, res) => {
  const socket = net.connect(process.env.SERVICE_PORT, '127.0.0.1');
  socket.once('data', (greeting) => {
    socket.destroy();
    res.send(greeting);
  });
});
app.listen(0);
