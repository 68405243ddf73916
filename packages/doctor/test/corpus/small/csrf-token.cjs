const express = require('express4');
const { randomBytes } = require('node:crypto');

const app = express();
app.get('/', (req, res) => {
  const token = randomBytes(24).toString('base64url');
  res.set('Set-Cookie', `csrf=${token}`).send(`<form><input type="hidden" name="_csrf" value="${token}"></form>`);
});
app.listen(0);
