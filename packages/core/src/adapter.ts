/** The door for those who write adapters. Applications use the index. */
export { callback, count, custom, duration, flag, oneOf, readOptions } from './check-options.js';
export type { OptionRule, OptionRules } from './check-options.js';
export { systemClock } from './clock.js';
export { Door, Guest } from './door.js';
export type { DoorSettings } from './door.js';
export { messageOf } from './errors.js';
export { BootstrapGate } from './bootstrap-gate.js';
export { asGate } from './gate.js';
export { gateOptionNames } from './options.js';
export { Pilot, pilotOf } from './pilot.js';
export { readStepOptions } from './step.js';
export { partOf } from './step-group.js';
export type { PartOfBoot } from './step-group.js';
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
