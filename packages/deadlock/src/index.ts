/** The door for applications. */
export { DeadlockError, isDeadlockError } from './deadlock-error.js';
export { detach } from './detach.js';
export { setProofHeapLimit } from './judge/heap-limit.js';
export { locks } from './locks/lock-report.js';
export type { LockHolder, LocksReport, LockState, LockWaiter } from './locks/lock-report.js';
export { traceDefaults, traceMutex, traceSemaphore } from './locks/trace-lock.js';
export type { TraceOptions } from './locks/trace-lock.js';
export type { DeadlockMode } from './owner.js';
export type { Verdict, VerdictLink } from './verdict.js';
