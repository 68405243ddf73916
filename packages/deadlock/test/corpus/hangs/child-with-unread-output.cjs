const { spawn } = require('node:child_process');
const { once } = require('node:events');

async function main() {
  const dump = spawn(process.execPath, ['-e', 'process.stdout.write("x".repeat(1e6), () => process.exit())']);
  await once(dump, 'exit');
  console.log('up');
}
main();
