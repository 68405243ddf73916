const { createReadStream } = require('node:fs');
const { finished } = require('node:stream/promises');

async function main() {
  const seed = createReadStream(__filename);
  await finished(seed);
  console.log('up');
}
main();
