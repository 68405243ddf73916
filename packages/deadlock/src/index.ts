/** The door for applications. */
export { DeadlockError, isDeadlockError } from './deadlock-error.js';
export { detach } from './detach.js';
export { traceMutex } from './trace-mutex.js';
export type { TraceOptions } from './trace-mutex.js';
export type { DeadlockMode } from './owner.js';
export type { Verdict, VerdictLink } from './verdict.js';
export { explain } from './explain/explain.js';
export type { AwaitCycle, AwaitFrame, ExplainOptions, Explanation, PendingAwait } from './explain/explain.js';
export { explanationText } from './explain/text.js';
export type { TextOptions } from './explain/text.js';
