/**
 * The door for those who make something that can be waited for, such as a gate. Applications use the index.
 *
 * A wait is proven hopeless when nothing that lives can end it. For that the adapter says what its end takes:
 *
 * - `new Until('all')` for what ends when all of its parts have; `dependOn(until, work, { label, party })` for each part, where
 *   `work` is the promise that the user's function returned. Keep that promise nowhere, and do not `await` it: `then` it.
 * - A `ProvableResource` has that `until`, says who works on it, and how a wait for it is refused.
 * - `new ProvableWait(resource, { at })` begins a wait. Give its `promise` to whoever waits, and keep the wait alone: `resolve`
 *   and `reject` end it. It is looked into by itself, soon where the async context makes it suspicious.
 * - A wait that has a limit or a signal is `isLimited`. A promise that goes to several, such as that of a step, `isShared`. A
 *   request that is held has as `subject` the client's side of it.
 * - `examineNow()` looks at once, at a stall; `cyclesNow()` tells nobody, at the end of the process.
 *
 * test/programs/small-gate.ts is a whole gate in this manner.
 */
export { inWords } from './advice.js';
export { callSite, placeOf } from './call-site.js';
export type { Place } from './call-site.js';
export { currentScope, innermost, runIn, trackScopes } from './context.js';
export type { Scope } from './context.js';
export { cycleThrough, judge, tell } from './cycle.js';
export type { Cycle } from './cycle.js';
export { isDeadlockError } from './deadlock-error.js';
export { collectGarbage } from './judge/collect-garbage.js';
export type { DeadCycle } from './judge/dead-cycles.js';
export { isTest } from './is-test.js';
export { cyclesNow, examineNow } from './judge/examine.js';
export { NativePromise } from './native-promise.js';
export { now } from './now.js';
export { newWait, Owner, ownerOf, ownersOf, recordWait } from './owner.js';
export type { Holder, Party, Resource, Wait } from './owner.js';
export { dependOn, Token, Until } from './token.js';
export type { TokenOf } from './token.js';
export { unlessUnreachable } from './unreachable.js';
export { describe } from './verdict.js';
export { ProvableWait } from './wait.js';
export type { AnyWait, ProvableResource, WaitSettings } from './wait.js';
export { startWatchdog } from './watchdog/watchdog.js';
export { helpOf, warn, warningOf } from './warnings.js';
export type { GateWarningCode } from './warnings.js';
