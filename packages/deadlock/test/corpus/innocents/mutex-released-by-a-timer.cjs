const { Mutex } = require('async-mutex');

const mutex = new Mutex();
async function main() {
  const release = await mutex.acquire();
  setTimeout(release, 20);
  await mutex.runExclusive(() => {});
  console.log('up');
}
main();
