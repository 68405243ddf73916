const AsyncLock = require('async-lock');

const lock = new AsyncLock();
async function main() {
  await Promise.all([1, 2].map((n) => lock.acquire('config', async () => n)));
  console.log('up');
}
main();
