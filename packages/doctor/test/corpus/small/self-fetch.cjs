const express = require('express');

const app = express();
app.get('/', (req, res) => res.send('the cities'));
const server = app.listen(process.env.PORT ?? 0, async () => {
  await warmUp(server.address().port);
});

async function warmUp(port) {
  await fetch(`http://127.0.0.1:${port}/`);
}
