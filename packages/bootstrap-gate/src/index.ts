/** The door for applications. */
export { createGate } from './create-gate.js';
export { gateNamed } from './gate/registry.js';
export { GateError, isGateError } from './kit/errors.js';
export type { GateErrorCode, GateErrorDetails } from './kit/errors.js';
export { plan } from './plan/plan.js';
export type * from './public-types.js';
