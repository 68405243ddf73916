/** The door for those who make something that can be waited for, such as a gate. Applications use the index. */
export { inWords } from './advice.js';
export { callSite } from './call-site.js';
export { collectGarbage } from './collect-garbage.js';
export { currentScope, innermost, runIn, trackScopes } from './context.js';
export type { Scope } from './context.js';
export { cycleThrough, judge, tell } from './cycle.js';
export type { Cycle } from './cycle.js';
export { isDeadlockError } from './deadlock-error.js';
export { now } from './now.js';
export { newWait, Owner, ownerOf, ownersOf, recordWait } from './owner.js';
export type { Holder, Party, Resource, Wait } from './owner.js';
export { unlessUnreachable } from './unreachable.js';
export { describe } from './verdict.js';
export { warn, warningOf } from './warnings.js';
export type { GateWarningCode } from './warnings.js';
