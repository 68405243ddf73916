// A CommonJS consumer: every door loads, and a server with the framework holds a request and answers it.
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');

for (const door of JSON.parse(readFileSync('doors.json', 'utf8'))) {
  assert.ok(Object.keys(require(door)).length > 0, `${door} exports nothing`);
}
import('./framework.mjs').then(({ answerThroughFramework }) => answerThroughFramework(require));
