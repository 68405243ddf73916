const express = require('express');

const app = express();
process.on('SIGTERM', () => ready && process.exit());
let ready = false;
app.get('/', (req, res) => res.send('the cities'));
app.listen(0);
setTimeout(() => (ready = true), 900);
