/**
 * Loaded into every Node process of the application by `NODE_OPTIONS=--require`. It observes and writes a journal; it
 * adds no listener that the application could count, opens no channel to it, and never throws into it.
 */
import { isMainThread } from 'node:worker_threads';
import type { Orders } from '../journal-entry.js';
import { isPreload } from './call-site.js';
import { beat } from './beat.js';
import { watchConnections } from './connections.js';
import { watchEnding } from './ending.js';
import { openJournal } from './journal.js';
import { watchOperations } from './operations.js';
import { watchServers } from './servers.js';

const orders = process.env['BOOTSTRAP_GATE_DOCTOR'];
if (orders) {
  try {
    observe(JSON.parse(orders) as Orders);
  } catch {
    // The folder is gone: an old process of an examination that has ended.
  }
}

function observe(given: Orders): void {
  for (const file of Object.keys(require.cache)) if (isPreload(file)) delete require.cache[file];
  const journal = openJournal(given.folder);
  const { NODE_ENV } = process.env;
  journal.write(
    { type: 'start', argv: process.argv, node: process.version, ...(NODE_ENV !== undefined && { nodeEnv: NODE_ENV }) },
    true,
  );
  watchServers(journal);
  watchConnections(journal, given.down);
  // A worker thread may serve, but the start that is examined is the main thread's.
  if (!isMainThread) return;
  const operations = watchOperations(journal);
  watchEnding(journal, operations);
  beat(journal, operations, given);
}
