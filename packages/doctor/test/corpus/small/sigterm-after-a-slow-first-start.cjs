// Like `sigterm-during-start.cjs`, and its first start opens the port much later than the others, as with a cold cache.
const { existsSync, writeFileSync } = require('node:fs');
const express = require('express');

const warm = `${__dirname}/warm-${process.ppid}`;
const app = express();
process.on('SIGTERM', () => ready && process.exit());
let ready = false;
app.get('/', (req, res) => res.send('the cities'));
const start = () => {
  app.listen(0);
  setTimeout(() => (ready = true), 900);
};
if (existsSync(warm)) start();
else {
  writeFileSync(warm, '');
  setTimeout(start, 2_000);
}
