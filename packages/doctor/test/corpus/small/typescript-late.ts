import http, { type Server } from 'node:http';

let ready: boolean = false;
const server: Server = http.createServer((req, res) => {
  res.statusCode = ready ? 200 : 500;
  res.end('answer');
});
server.listen(0);
setTimeout(() => {
  ready = true;
}, 700);
