const { watch } = require('node:fs/promises');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

async function main() {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-watch-'));
  for await (const { filename } of watch(dir)) if (filename === 'ready') break;
  console.log('up');
}
main();
