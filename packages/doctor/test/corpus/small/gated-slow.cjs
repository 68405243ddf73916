const express = require('express');
const { bootstrapGate } = require('bootstrap-gate/express');

const app = express();

async function start() {
  await new Promise((resolve) => setTimeout(resolve, 6_500));
  app.get('/', (req, res) => res.send('the cities'));
}

app.use(bootstrapGate({ bootstrap: () => start(), eager: true }));
app.listen(0);
