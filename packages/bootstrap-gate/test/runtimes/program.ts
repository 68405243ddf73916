/**
 * Runs the checks of the core and the conformance checks of every door, or of those that are named. `!C110` says that a
 * check is known to fail: it gets less time for that.
 */
import { checksFor } from '@bootstrap-gate/conformance';
import { coreChecks } from './core-checks.js';
import { doors } from './doors.js';
import { note } from './note.js';
import { serverChecks } from './server-checks.js';

const KNOWN_DEADLINE_MS = 1_500;
const given = process.argv.slice(2);
const named = given.filter((argument) => !argument.startsWith('!'));
const isAsked = (door: string): boolean => named.length === 0 || named.includes(door);

setInterval(() => {}, 60_000); // no check ends the process because it waits for nothing

const core = isAsked('core') ? [...coreChecks, ...serverChecks] : [];
for (const { id, title, run } of core) await note('core', id, title, run);
for (const [door, adapter] of Object.entries(doors)) {
  if (!isAsked(door)) continue;
  for (const check of checksFor(adapter)) {
    const options = given.includes(`!${check.id}`) ? { deadlineMs: KNOWN_DEADLINE_MS } : {};
    await note(door, check.id, check.title, () => check.run(adapter, options));
  }
}
process.exit(); // what a check that failed has left behind keeps nothing up
