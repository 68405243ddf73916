const http = require('node:http');

let ready = false;
const server = http.createServer((req, res) => {
  res.statusCode = ready ? 200 : 500;
  res.end(ready ? 'ok' : 'not yet');
});
server.listen(process.env.PORT ?? 0);
setTimeout(() => (ready = true), 700);
