const { execFileSync } = require('node:child_process');
const { open } = require('node:fs/promises');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

async function main() {
  const path = join(mkdtempSync(join(tmpdir(), 'bootstrap-gate-fifo-')), 'control');
  execFileSync('mkfifo', [path]);
  await open(path, 'r');
  console.log('up');
}
main();
