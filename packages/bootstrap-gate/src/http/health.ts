import type { GateCore } from '../gate/gate-core.js';
import type { AdmissionSettings } from './admission-options.js';
import type { Answer } from './answer.js';
import { pathOf } from './exempt.js';

export type Probe = 'live' | 'ready' | 'startup';

/** Which health request has this target, if any; the query does not matter. GET and HEAD only, see `isProbeMethod`. */
export function probeOf(paths: AdmissionSettings['health'], target: string): Probe | undefined {
  if (!paths) return undefined;
  const path = pathOf(target);
  if (path === paths.ready) return 'ready';
  if (path === paths.live) return 'live';
  return path === paths.startup ? 'startup' : undefined;
}

export const isProbeMethod = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Liveness: the process answers. Startup: the gate has been open. Readiness: send traffic now. */
export function healthAnswer(probe: Probe, { state, hasOpened }: GateCore): Answer {
  const good = { live: true, ready: state === 'ready', startup: hasOpened }[probe];
  return {
    status: good ? 200 : 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body: good ? 'ok\n' : 'not ok\n',
  };
}
