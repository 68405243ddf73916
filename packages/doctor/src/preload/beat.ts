/** Tells the examiner ten times a second what the start still waits for, and ends the process when the examiner is gone. */
import type { Orders } from '../journal-entry.js';
import { unanswered } from './connections.js';
import type { Journal } from './journal.js';
import type { Operations } from './operations.js';

const EVERY_MS = 100;

export function beat(journal: Journal, operations: Operations, { examiner }: Orders): void {
  const { kill } = process;
  const timer = operations.unseen(() => setInterval(tick, EVERY_MS));
  timer.unref();

  function tick(): void {
    if (!isAlive(examiner)) return void kill(process.pid, 'SIGKILL');
    const { active, idle } = performance.eventLoopUtilization();
    const pending = [...operations.pending(), ...unanswered()];
    journal.write({ type: 'beat', pending, activeMs: active, idleMs: idle }, true);
  }

  function isAlive(pid: number): boolean {
    try {
      return kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  }
}
