const cluster = require('node:cluster');
const http = require('node:http');

if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else {
  let ready = false;
  http
    .createServer((req, res) => {
      res.statusCode = ready ? 200 : 500;
      res.end('answer');
    })
    .listen(process.env.PORT ?? 0);
  setTimeout(() => (ready = true), 700);
}
