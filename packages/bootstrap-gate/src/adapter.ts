/** The door for those who write adapters. Applications use the index. */
export { callback, count, custom, duration, flag, oneOf, readOptions } from './kit/check-options.js';
export type { OptionRule, OptionRules } from './kit/check-options.js';
export { systemClock } from './kit/clock.js';
export { Door, Guest } from './gate/door.js';
export type { DoorSettings } from './gate/door.js';
export { messageOf } from './kit/errors.js';
export { GateCore } from './gate/gate-core.js';
export { coreOf } from './gate/registry.js';
export { gateOptionNames } from './gate-options.js';
export type { Pilot, PilotEnd } from './gate/startup.js';
export {
  callSite,
  currentScope,
  cycleThrough,
  describe,
  newWait,
  ownersOf,
  runIn,
  tell,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
export type { Scope } from '@bootstrap-gate/deadlock/adapter';
export { writeAnswer } from './http/answer.js';
export type { Answer } from './http/answer.js';
export { HttpDoor } from './http/http-door.js';
export type { Admission, Application } from './http/http-door.js';
export { HttpGuest } from './http/http-guest.js';
export type { AdmissionSettings, DoorOptions, Unsupported } from './http/admission-options.js';
