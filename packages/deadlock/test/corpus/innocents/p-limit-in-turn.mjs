import pLimit from 'p-limit';

const limit = pLimit(1);
await Promise.all([1, 2, 3].map((n) => limit(async () => n)));
console.log('up');
