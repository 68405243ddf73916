import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

let ready = false;
const pem = readFileSync(new URL('./self-signed.pem', import.meta.url));
const server = http2.createSecureServer({ key: pem, cert: pem });
server.on('stream', (stream) => {
  stream.respond({ ':status': ready ? 200 : 500, 'content-type': 'text/plain' });
  stream.end('answer');
});
server.listen(0);
setTimeout(() => (ready = true), 1_500);
