// Two readers of a read-write lock both want to become the writer.
const { Semaphore } = require('async-mutex');

const READERS = 2;
const lock = new Semaphore(READERS);

async function reader() {
  const [, release] = await lock.acquire(1);
  await null;
  const [, releaseAll] = await lock.acquire(READERS);
  releaseAll();
  release();
}

async function main() {
  await Promise.all([reader(), reader()]);
  console.log('up');
}
main();
