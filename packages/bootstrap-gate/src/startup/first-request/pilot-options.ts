import { count, duration } from '../../kit/check-options.js';
import type { GateSettings } from '../../observe/verdicts.js';

/** `GateOptions` without a bootstrap, defaults included. */
export interface PilotSettings extends GateSettings {
  readonly bootstrap: undefined;
  readonly firstRequests: number;
  readonly pilotTimeoutMs: number;
}

export const pilotRules = {
  firstRequests: count(1),
  pilotTimeoutMs: duration(10_000),
};
