// Starts processes that leave the group: a child of its own session, and one that blocks its event loop.
const { spawn } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const http = require('node:http');

const record = () => appendFileSync(process.env.RECORD, `${process.pid}\n`);
record();
if (process.argv[2] === 'serve') {
  for (const kind of ['detached', 'busy']) {
    spawn(process.execPath, [__filename, kind], { detached: kind === 'detached', stdio: 'ignore' });
  }
  process.on('SIGTERM', () => {});
  http.createServer((req, res) => res.end('ok')).listen(0);
} else if (process.argv[2] === 'detached') {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
} else {
  for (;;);
}
