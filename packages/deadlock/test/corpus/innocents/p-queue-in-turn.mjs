import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 1 });
await Promise.all([queue.add(async () => 1), queue.add(async () => 2)]);
await queue.onIdle();
console.log('up');
