/** The types that users of a door may name. */
export type { AdmissionOptions, Exemption, GateChoice, HealthPaths, WaitingPage } from '../http/admission-options.js';
export type * from '../public-types.js';
