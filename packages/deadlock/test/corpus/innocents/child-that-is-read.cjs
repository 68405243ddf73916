const { spawn } = require('node:child_process');
const { once } = require('node:events');

async function main() {
  const dump = spawn(process.execPath, ['-e', 'process.stdout.write("x".repeat(1e6))']);
  dump.stdout.resume();
  await once(dump, 'exit');
  console.log('up');
}
main();
