export {
  OnceDeadlockError,
  OnceError,
  OnceFailedError,
  OnceFencedError,
  type OnceErrorCode,
  type OnceVerdict,
  type OnceWait,
} from './errors.js';
export type { OnceEvent, OnceEventType } from './channel.js';
export type { Once, RunFunction } from './create-once.js';
export type {
  Beats,
  Change,
  FailureRecord,
  Owner,
  Peer,
  Run,
  SessionInfo,
  Status,
  StepId,
  Store,
  StoreTraits,
  View,
  WaitEdge,
} from './store.js';
export type { Execution, OnceOptions, ReplicaWait, StepContext, StepFunction, StepOptions } from './types.js';
export type { OnceWarningCode } from './warn.js';
export { storeChecks, type StoreCheck, type StoreUnderTest } from './conformance.js';
