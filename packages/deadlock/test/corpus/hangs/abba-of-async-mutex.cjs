// The two sides take the same two mutexes in different orders.
const { Mutex } = require('async-mutex');

const app = new Mutex();
const imports = new Mutex();

const left = () =>
  app.runExclusive(async () => {
    await null;
    await imports.runExclusive(() => {});
  });
const right = () =>
  imports.runExclusive(async () => {
    await null;
    await app.runExclusive(() => {});
  });

async function main() {
  await Promise.all([left(), right()]);
  console.log('up');
}
main();
