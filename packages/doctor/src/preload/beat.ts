/** Tells the examiner ten times a second what the start still waits for, and ends the process when the examiner is gone. */
import type { Orders } from '../journal-entry.js';
import { unanswered } from './connections.js';
import type { Journal } from './journal.js';
import type { Operations } from './operations.js';
import type { Promises } from './promises.js';

const EVERY_MS = 100;
const COLLECT_EVERY = 5;

export function beat(journal: Journal, operations: Operations, promises: Promises | undefined, orders: Orders): void {
  const { kill } = process;
  let beats = 0;
  const timer = operations.unseen(() => setInterval(tick, EVERY_MS));
  timer.unref();

  function tick(): void {
    if (!isAlive(orders.examiner)) return void kill(process.pid, 'SIGKILL');
    beats += 1;
    const { active, idle } = performance.eventLoopUtilization();
    const pending = [...operations.pending(), ...unanswered()];
    journal.write({ type: 'beat', pending, activeMs: active, idleMs: idle }, true);
    if (promises && beats % COLLECT_EVERY === 0) {
      const found = operations.unseen(() => promises.pending(true));
      journal.write({ type: 'promises', pending: found }, true);
    }
  }

  function isAlive(pid: number): boolean {
    try {
      return kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  }
}
