const { createInterface } = require('node:readline');

async function main() {
  for await (const line of createInterface({ input: process.stdin })) console.log(line);
  console.log('up');
}
main();
