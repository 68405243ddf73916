const express = require('express');
const { Redis } = require('ioredis');

const redis = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: null, retryStrategy: () => 200 });
redis.on('error', () => {});

async function start() {
  await redis.get('config');
  express().listen(0);
}

start();
