const { mkdtempSync, writeFileSync } = require('node:fs');
const { watch } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

async function main() {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-watch-'));
  setTimeout(() => writeFileSync(join(dir, 'ready'), ''), 50);
  for await (const { filename } of watch(dir)) if (filename === 'ready') break;
  console.log('up');
}
main();
