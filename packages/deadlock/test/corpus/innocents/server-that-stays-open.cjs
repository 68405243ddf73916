// It has started, and waits for requests.
const { createServer } = require('node:http');

createServer((_, res) => res.end('ok')).listen(0, '127.0.0.1', () => {
  console.log('up');
  setTimeout(() => process.exit(0), 1_500);
});
