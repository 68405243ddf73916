const { Mutex } = require('async-mutex');

const [a, b] = [new Mutex(), new Mutex()];
const both = () => a.runExclusive(() => b.runExclusive(async () => {}));
async function main() {
  await Promise.all([both(), both()]);
  console.log('up');
}
main();
