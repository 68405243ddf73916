const AsyncLock = require('async-lock');

const lock = new AsyncLock();

async function main() {
  await lock.acquire('config', async () => {
    await lock.acquire('config', async () => 'inner');
  });
  console.log('up');
}
main();
