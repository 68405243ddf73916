/** The door for applications. */
export { createGate } from './gate.js';
export { GateError, isGateError } from './errors.js';
export type { GateErrorCode, GateErrorDetails, Verdict, VerdictLink } from './errors.js';
export type { GateWarningCode } from './warnings.js';
export type {
  AttemptReport,
  Boot,
  Bootstrap,
  BootstrapObject,
  Gate,
  GateOptions,
  GateReport,
  GateState,
  Outcome,
  ProgressReport,
  RetryOptions,
  StepContext,
  StepOptions,
  StepReport,
  WaitOptions,
  WaitReport,
} from './types.js';
