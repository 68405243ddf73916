// An HTTP server in another process whose answers are large.
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const source = `
const server = require('node:http').createServer((_, res) => res.end('x'.repeat(2e6))).listen(0, '127.0.0.1', () => {
  process.stdout.write(String(server.address().port));
});`;

exports.bigPort = async () => {
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [port] = await once(child.stdout, 'data');
  child.stdout.destroy();
  child.unref();
  return Number(port);
};
