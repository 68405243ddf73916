/** The door for those who use prom-client. */
export { measureGates } from './measure-gates.js';
export type { MeasureOptions } from './measure-gates.js';
