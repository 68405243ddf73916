import PQueue from 'p-queue';

const queue = new PQueue({ concurrency: 1 });
await queue.add(async () => {
  await queue.add(async () => 'inner');
});
console.log('up');
