// An ESM consumer: every door loads, and a server with the framework holds a request and answers it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { answerThrough } from './server.mjs';

for (const door of JSON.parse(readFileSync('doors.json', 'utf8'))) {
  assert.ok(Object.keys(await import(door)).length > 0, `${door} exports nothing`);
}
const name = existsSync('node_modules/express') ? 'express' : 'koa';
const { bootstrapGate } = await import(`bootstrap-gate/${name}`);
const { default: framework } = await import(name);
await answerThrough(framework, bootstrapGate);
