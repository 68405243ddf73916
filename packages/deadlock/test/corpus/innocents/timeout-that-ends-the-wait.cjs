const { once, EventEmitter } = require('node:events');

async function main() {
  const signal = AbortSignal.timeout(50);
  setTimeout(() => {}, 100);
  await once(new EventEmitter(), 'ready', { signal }).catch(() => {});
  console.log('up');
}
main();
