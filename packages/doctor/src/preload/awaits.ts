/**
 * Loaded beside `register` into a start that is known to hang or to end: says what the process awaits, when it is asked
 * and when it ends.
 */
import { createHook } from 'node:async_hooks';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { explain } from '@bootstrap-gate/deadlock';
import { ASK_AWAITS, type Orders } from '../journal-entry.js';
import { openJournal } from './journal.js';
import { replaceMethod } from './replace-method.js';

const EVERY_MS = 100;
const MAX_HEAP_MB = 64;
/** Exact lines are worth more than time here. */
const LOCATE_MS = 4_000;
const MOST = 100_000;

const orders = process.env['BOOTSTRAP_GATE_DOCTOR'];
if (orders && isMainThread) {
  try {
    watchAwaits(JSON.parse(orders) as Orders);
  } catch {
    // The folder is gone: the examination is over.
  }
}

function watchAwaits({ folder }: Orders): void {
  const journal = openJournal(folder);
  const request = join(folder, ASK_AWAITS);
  keepPromises();
  const timer = setInterval(() => {
    if (!existsSync(request)) return;
    rmSync(request, { force: true });
    report();
  }, EVERY_MS);
  timer.unref();

  replaceMethod(process, 'emit', (emit) => {
    return function (this: unknown, ...args: unknown[]) {
      if (args[0] === 'exit') report();
      return emit.apply(this, args);
    };
  });

  function report(): void {
    const { awaits, cycles, unavailable } = explain({ maxHeapMb: MAX_HEAP_MB, locateMs: LOCATE_MS });
    journal.write({ type: 'awaits', awaits, cycles, ...(unavailable !== undefined && { unavailable }) }, true);
  }
}

/** A promise that nothing can settle is garbage, and so is who awaits it: without this, nothing would be left to see. */
function keepPromises(): void {
  const kept = new Map<number, object>();
  createHook({
    init(id, type, _trigger, resource) {
      if (type === 'PROMISE' && kept.size < MOST) kept.set(id, resource);
    },
    promiseResolve: (id) => void kept.delete(id),
  }).enable();
}
