const express = require('express');

const app = express();
const words = ['ash', 'birch', 'cedar', 'date', 'elm', 'fir', 'gum', 'holly'];
const visits = [];
app.get('/', (req, res) => {
  visits.push(words[visits.length % words.length]);
  res.json(visits);
});
const news = ['begin'];
setInterval(() => news.push(words[news.length % words.length]), 300);
app.get('/news', (req, res) => res.json(news));
app.listen(0);
