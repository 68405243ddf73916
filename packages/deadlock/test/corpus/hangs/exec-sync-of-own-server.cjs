const { execFileSync } = require('node:child_process');
const { createServer } = require('node:http');

const server = createServer((_, res) => res.end('ok')).listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/health`;
  execFileSync(process.execPath, ['-e', `fetch(${JSON.stringify(url)})`]);
  console.log('up');
});
