// A CommonJS consumer: every door loads, and a server with the framework holds a request and answers it.
const assert = require('node:assert/strict');
const { existsSync, readFileSync } = require('node:fs');

for (const door of JSON.parse(readFileSync('doors.json', 'utf8'))) {
  assert.ok(Object.keys(require(door)).length > 0, `${door} exports nothing`);
}
const name = existsSync('node_modules/express') ? 'express' : 'koa';
const { bootstrapGate } = require(`bootstrap-gate/${name}`);
const framework = require(name);
import('./server.mjs').then(({ answerThrough }) => answerThrough(framework.default ?? framework, bootstrapGate));
