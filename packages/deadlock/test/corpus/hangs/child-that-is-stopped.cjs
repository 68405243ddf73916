const { spawn } = require('node:child_process');
const { once } = require('node:events');

async function main() {
  const migrate = spawn('sleep', ['0.1'], { stdio: 'ignore' });
  migrate.kill('SIGSTOP');
  await once(migrate, 'exit');
  console.log('up');
}
main();
