// A process that uses ESM and CommonJS: it has one copy of everything, so one class of errors and one graph of waits.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as core from 'bootstrap-gate';
import * as deadlock from '@bootstrap-gate/deadlock';
import { Mutex } from 'async-mutex';
import { answerThroughFramework } from './framework.mjs';

const require = createRequire(import.meta.url);
const required = { core: require('bootstrap-gate'), deadlock: require('@bootstrap-gate/deadlock') };
process.removeAllListeners('warning'); // of the failures below

for (const door of JSON.parse(readFileSync('doors.json', 'utf8'))) {
  const [one, other] = [await import(door), require(door)];
  for (const key of Object.keys(one)) assert.equal(one[key], other[key], `${door} has two copies of ${key}`);
}
assert.equal(core.GateError, required.core.GateError);

// A gate of the one, at an adapter of the other, in both directions.
for (const [load, { createGate }] of [
  [(name) => import(name), required.core],
  [require, core],
]) {
  await answerThroughFramework(load, (bootstrap) => ({ gate: createGate({ bootstrap }) }));
}

// Two gates that wait for each other are a circle although one was imported and the other required.
const first = core.createGate({ name: 'imported', bootstrap: () => second.ensureReady() });
const second = required.core.createGate({ name: 'required', bootstrap: () => first.ensureReady() });
const failure = await first.ensureReady().then(assert.fail, (error) => error);
assert.ok(failure instanceof required.core.GateError);
assert.match(failure.cause.message + failure.message, /required|imported/);
assert.deepEqual(failure.verdict.cycle.map(({ owner }) => /"(\w+)"/.exec(owner)[1]).sort(), ['imported', 'required']);

// So are two mutexes.
const [a, b] = [deadlock.traceMutex(new Mutex(), 'a'), required.deadlock.traceMutex(new Mutex(), 'b')];
const both = (one, other) =>
  one.runExclusive(async () => (await new Promise(setImmediate), other.runExclusive(() => {})));
const settled = await Promise.allSettled([both(a, b), both(b, a)]);
const refused = settled.filter(({ status }) => status === 'rejected');
assert.equal(refused.length, 1);
assert.ok(refused[0].reason instanceof deadlock.DeadlockError);
assert.ok(refused[0].reason instanceof required.deadlock.DeadlockError);
