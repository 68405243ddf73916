/** The door for those who use OpenTelemetry. */
export { traceGates } from './trace-gates.js';
export type { TraceOptions } from './trace-gates.js';
