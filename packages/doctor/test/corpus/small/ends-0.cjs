const express = require('express');
const { EventEmitter } = require('node:events');

const app = express();
const config = new EventEmitter();

async function start() {
  await new Promise((resolve) => config.once('loaded', resolve));
  app.listen(0);
}

start();
