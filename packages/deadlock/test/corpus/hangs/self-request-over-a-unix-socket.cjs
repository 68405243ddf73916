// The handler waits for the bootstrap, which waits for the handler.
const http = require('node:http');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const socketPath = join(mkdtempSync(join(tmpdir(), 'bootstrap-gate-self-')), 'app.sock');
const ready = bootstrap();

async function bootstrap() {
  await new Promise((resolve) => http.createServer(handle).listen(socketPath, resolve));
  await new Promise((resolve, reject) => http.get({ socketPath, path: '/schema' }, resolve).on('error', reject));
}

async function handle(_, res) {
  await ready;
  res.end('ok');
}
ready.then(() => console.log('up'));
