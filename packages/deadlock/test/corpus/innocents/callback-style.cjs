const { readFile } = require('node:fs');

readFile(__filename, () => setImmediate(() => process.nextTick(() => console.log('up'))));
