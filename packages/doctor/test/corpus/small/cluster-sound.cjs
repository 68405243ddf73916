const cluster = require('node:cluster');
const http = require('node:http');

if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else {
  setTimeout(() => http.createServer((req, res) => res.end('the cities')).listen(process.env.PORT ?? 0), 300);
}
