import { channel } from 'node:diagnostics_channel';
import type { Verdict } from './verdict.js';

const verdicts = channel('bootstrap-gate.verdict');

/** Where Node tells of a request before its handler is called. */
export const incomingRequests = channel('http.server.request.start');

/** Tells a verdict that concerns no gate. */
export function publish(verdict: Verdict): void {
  if (verdicts.hasSubscribers) verdicts.publish({ gate: null, type: verdict.certainty, flight: null, verdict });
}
