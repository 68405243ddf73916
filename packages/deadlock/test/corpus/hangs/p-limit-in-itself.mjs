// Each of the two places is held by a task that waits for another.
import pLimit from 'p-limit';

const limit = pLimit(2);
const load = (name) =>
  limit(async () => {
    await null;
    await limit(async () => name);
  });
await Promise.all([load('users'), load('orders')]);
console.log('up');
