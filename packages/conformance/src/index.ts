/** The door for authors of adapters: the checks, and what a mount needs. */
export { allChecks, checksFor } from './checks/all.js';
export { listen } from './listen.js';
export type {
  Adapter,
  AdmissionOptions,
  Application,
  Check,
  DoorOptions,
  Feature,
  Incoming,
  Mounted,
  Need,
  Reply,
  Setup,
} from './types.js';
