const express = require('express4');
const { randomUUID } = require('node:crypto');

const app = express();
app.get('/', (req, res) => res.redirect(`/login?state=${randomUUID()}`));
app.get('/login', (req, res) => res.send('log in'));
app.listen(0);
