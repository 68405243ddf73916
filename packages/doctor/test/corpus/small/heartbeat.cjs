const express = require('express');

const app = express();
setInterval(() => {}, 250);
(function poll() {
  setTimeout(poll, 300);
})();
(async () => {
  for (;;) await new Promise((resolve) => setTimeout(resolve, 350));
})();
app.get('/', (req, res) => res.send('the cities'));
app.listen(0);
