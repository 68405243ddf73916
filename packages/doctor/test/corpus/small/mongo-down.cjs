const express = require('express');
const mongoose = require('mongoose');

const app = express();
const City = mongoose.model('City', new mongoose.Schema({ name: String }));

mongoose.connect('mongodb://127.0.0.1:1/shop', { serverSelectionTimeoutMS: 1000 }).catch(() => {});
mongoose.set('bufferTimeoutMS', 500);
app.get('/health', (req, res) => res.send('ok'));
app.get('/', async (req, res) => res.json(await City.find()));
app.listen(0);
