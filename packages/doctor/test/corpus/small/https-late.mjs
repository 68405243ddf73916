import { readFileSync } from 'node:fs';
import https from 'node:https';

let ready = false;
const pem = readFileSync(new URL('./self-signed.pem', import.meta.url));
const server = https.createServer({ key: pem, cert: pem }, (req, res) => {
  res.statusCode = ready ? 200 : 500;
  res.end('answer');
});
server.listen(0);
setTimeout(() => (ready = true), 1_500);
