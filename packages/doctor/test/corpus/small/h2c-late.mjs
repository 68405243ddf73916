import http2 from 'node:http2';

let ready = false;
const server = http2.createServer((req, res) => {
  res.statusCode = ready ? 200 : 500;
  res.end('answer');
});
server.listen(0);
setTimeout(() => (ready = true), 700);
