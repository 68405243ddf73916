/**
 * The types that users may name. Every entry point exports them all, so that what a compiler infers from one of them has a
 * name there: without that, declarations of a user's own fail with TS2742 under pnpm.
 */
export type { BlockedLoop, DeadlockMode, Stall, Verdict, VerdictLink } from '@bootstrap-gate/deadlock';
export type { GateWarningCode } from '@bootstrap-gate/deadlock/adapter';
export type {
  AttemptReport,
  BlockedReport,
  EstimateReport,
  GateReport,
  Outcome,
  ProgressReport,
  SlowStepReport,
  StallReport,
  StepReport,
  StopReport,
  WaitReport,
} from './kit/report-types.js';
export type {
  Boot,
  Bootstrap,
  BootstrapObject,
  BootstrapOptions,
  CloseOptions,
  FirstRequestOptions,
  Gate,
  GateOptions,
  GateState,
  HistoryStore,
  RetryOptions,
  ExternalWait,
  StepContext,
  StepOptions,
  WaitOptions,
} from './kit/types.js';
export type { KnownResults, Plan, PlanStepOptions, PlanValue, StepResult, UnusedName, WithStep } from './plan/types.js';
