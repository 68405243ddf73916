// A server in another process that accepts connections and says nothing.
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const source = `
const server = require('node:net').createServer(() => {}).listen(0, '127.0.0.1', () => {
  process.stdout.write(String(server.address().port));
});`;

exports.silentPort = async () => {
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'ignore'], detached: false });
  const [port] = await once(child.stdout, 'data');
  child.stdout.destroy();
  child.unref();
  return Number(port);
};
