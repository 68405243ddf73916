const express = require('express');

const app = express();
app.get('/api/city', (req, res) => res.json({ city: 'Bern', at: new Date().toISOString() }));
app.use((req, res) => res.send('<!doctype html><div id="root"></div>'));
app.listen(0);
