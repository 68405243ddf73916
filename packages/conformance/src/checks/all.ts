import type { Adapter, Check, Need } from '../types.js';
import { builtChecks } from './built.js';
import { connectionChecks } from './connections.js';
import { denialChecks } from './denials.js';
import { errorChecks } from './errors.js';
import { exemptChecks } from './exempt.js';
import { firstRequestChecks } from './first-request.js';
import { flightChecks } from './flight.js';
import { healthChecks } from './health.js';
import { lifecycleChecks } from './lifecycle.js';
import { placeChecks } from './places.js';
import { uploadChecks } from './uploads.js';

/** All of them. A new check gets a new id; the id of one that goes is not given again. */
export const allChecks: readonly Check[] = [
  ...flightChecks,
  ...lifecycleChecks,
  ...firstRequestChecks,
  ...uploadChecks,
  ...placeChecks,
  ...connectionChecks,
  ...errorChecks,
  ...builtChecks,
  ...denialChecks,
  ...healthChecks,
  ...exemptChecks,
];

/** Those that this adapter can be asked for. */
export function checksFor({ protocol = 'http1', features = [] }: Adapter): Check[] {
  const has = new Set<Need>([protocol, ...features]);
  return allChecks.filter(({ needs }) => needs.every((need) => has.has(need)));
}
