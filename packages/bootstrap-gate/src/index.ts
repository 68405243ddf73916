/** The door for applications. */
export { createGate } from './create-gate.js';
export { gateNamed } from './gate/registry.js';
export { GateError, isGateError } from './kit/errors.js';
export type { GateErrorCode, GateErrorDetails } from './kit/errors.js';
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
} from './kit/report-types.js';
export type {
  Boot,
  Bootstrap,
  BootstrapObject,
  CloseOptions,
  Gate,
  GateOptions,
  GateState,
  HistoryStore,
  RetryOptions,
  StepContext,
  StepOptions,
  WaitOptions,
} from './kit/types.js';
export { plan } from './plan/plan.js';
export type { KnownResults, Plan, PlanStepOptions, PlanValue, StepResult, UnusedName, WithStep } from './plan/types.js';
