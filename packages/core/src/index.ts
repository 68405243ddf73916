/** The door for applications. */
export { createGate } from './gate.js';
export { GateError, isGateError } from './errors.js';
export type { GateErrorCode, GateErrorDetails } from './errors.js';
export type { Verdict, VerdictLink } from '@bootstrap-gate/deadlock';
export type { GateWarningCode } from '@bootstrap-gate/deadlock/adapter';
export type {
  AttemptReport,
  Boot,
  Bootstrap,
  BootstrapObject,
  EstimateReport,
  Gate,
  GateOptions,
  GateReport,
  GateState,
  HistoryStore,
  Outcome,
  ProgressReport,
  RetryOptions,
  SlowStepReport,
  StepContext,
  StepOptions,
  StepReport,
  WaitOptions,
  WaitReport,
} from './types.js';
