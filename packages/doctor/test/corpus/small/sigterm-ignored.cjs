const express = require('express');

const app = express();
process.on('SIGTERM', () => console.log('not now'));
app.get('/', (req, res) => res.send('the cities'));
setTimeout(() => app.listen(0), 400);
