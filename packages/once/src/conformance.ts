/** What every store must do, as a list of checks: mount them on yours with any test runner. */
import type { StoreCheck } from './conformance/check.js';
import { recordChecks } from './conformance/records.js';
import { sessionChecks } from './conformance/sessions.js';
import { writeChecks } from './conformance/writes.js';

export type { StoreCheck, StoreUnderTest } from './conformance/check.js';

export const storeChecks: readonly StoreCheck[] = [...writeChecks, ...sessionChecks, ...recordChecks];
