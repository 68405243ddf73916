// An ESM consumer: every door loads, and a server with the framework holds a request and answers it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { answerThroughFramework } from './framework.mjs';

for (const door of JSON.parse(readFileSync('doors.json', 'utf8'))) {
  assert.ok(Object.keys(await import(door)).length > 0, `${door} exports nothing`);
}
await answerThroughFramework((name) => import(name));
