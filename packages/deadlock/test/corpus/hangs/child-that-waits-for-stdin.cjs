const { spawn } = require('node:child_process');
const { once } = require('node:events');

async function main() {
  const sort = spawn('sort', [], { stdio: ['pipe', 'inherit', 'inherit'] });
  sort.stdin.write('b\na\n');
  await once(sort, 'exit');
  console.log('up');
}
main();
