/** The door for those who write adapters. Applications use the index. */
export { callback, count, custom, duration, flag, oneOf, readOptions } from './check-options.js';
export type { OptionRule, OptionRules } from './check-options.js';
export { systemClock } from './clock.js';
export { currentScope, runIn } from './context.js';
export type { Scope } from './context.js';
export { Door, Guest } from './door.js';
export type { DoorSettings } from './door.js';
export { messageOf } from './errors.js';
export { BootstrapGate } from './bootstrap-gate.js';
export { asGate } from './gate.js';
export { gateOptionNames } from './options.js';
export { Pilot, pilotOf } from './pilot.js';
export { cycleThrough, describe, ownerOf } from './waits.js';
export { warn } from './warnings.js';
