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
export { explain } from './explain/explain.js';
export type { AwaitCycle, AwaitFrame, ExplainOptions, Explanation, PendingAwait } from './explain/explain.js';
export { describeStallNow } from './describe-stall.js';
export type { Stall, StallOptions } from './describe-stall.js';
export { openText, whatIsOpen } from './open/open.js';
export type { OpenThing } from './open/open.js';
export { recordOpen } from './open/record.js';
export { startWatchdog } from './watchdog/watchdog.js';
export type { BlockedLoop, WatchdogOptions } from './watchdog/watchdog.js';
