const { createReadStream } = require('node:fs');
const { finished } = require('node:stream/promises');

async function main() {
  await finished(createReadStream(__filename).resume());
  console.log('up');
}
main();
