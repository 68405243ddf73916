// Writes each request it gets to stdout's file, and answers with what a real application should not show.
const { appendFileSync } = require('node:fs');
const http = require('node:http');

const server = http.createServer((req, res) => {
  appendFileSync(process.env.RECORD, `${req.method} ${req.url} ${req.headers['user-agent']}\n`);
  res.setHeader('Location', '/elsewhere');
  res.statusCode = req.url === '/' ? 302 : 404;
  res.end();
});
server.listen(Number(process.env.PORT ?? 0), process.env.HOST);
