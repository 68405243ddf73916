/** The door for applications. */
export { createGate } from './gate.js';
export { GateError, isGateError } from './errors.js';
export type { GateErrorCode, GateErrorDetails } from './errors.js';
export type { Verdict, VerdictLink } from '@bootstrap-gate/deadlock';
export type { GateWarningCode } from '@bootstrap-gate/deadlock/adapter';
export type {
  AttemptReport,
  EstimateReport,
  GateReport,
  Outcome,
  ProgressReport,
  SlowStepReport,
  StepReport,
  StopReport,
  WaitReport,
} from './report-types.js';
export type {
  Boot,
  Bootstrap,
  BootstrapObject,
  Gate,
  GateOptions,
  GateState,
  HistoryStore,
  RetryOptions,
  StepContext,
  StepOptions,
  WaitOptions,
} from './types.js';
