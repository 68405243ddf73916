import type { PilotEnd } from '../gate/startup.js';

/** What the response to a pilot says of the application. A status that did not go out whole is undefined. */
export function pilotOutcome(method: string, status: number | undefined): PilotEnd {
  if (method === 'OPTIONS' || method === 'HEAD' || method === 'CONNECT') return 'neutral';
  if (status === undefined || status >= 500) return 'failed';
  return status < 400 ? 'succeeded' : 'rejected';
}
