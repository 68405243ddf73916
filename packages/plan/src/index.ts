/** The door for applications. */
export { plan } from './plan.js';
export type { KnownResults, Plan, PlanStepOptions, PlanValue, StepResult, UnusedName, WithStep } from './types.js';
