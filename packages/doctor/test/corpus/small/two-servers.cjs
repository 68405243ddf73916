const http = require('node:http');

http.createServer((req, res) => res.end('the cities')).listen(process.env.PORT ?? 0);
http.createServer((req, res) => res.end('metrics')).listen(0);
