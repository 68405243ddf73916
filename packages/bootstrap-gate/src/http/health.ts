import type { GateCore } from '../gate/gate-core.js';
import { pathOf } from './exempt.js';
import type { AdmissionSettings } from './admission-options.js';
import type { Answer } from './answer.js';

export type Probe = 'live' | 'ready' | 'startup';

/** Which health request this is, if any. GET and HEAD only; the query does not matter. */
export function probeOf(
  paths: AdmissionSettings['health'],
  method: string | undefined,
  target: string,
): Probe | undefined {
  if (!paths || (method !== 'GET' && method !== 'HEAD')) return undefined;
  const path = pathOf(target);
  if (path === paths.ready) return 'ready';
  if (path === paths.live) return 'live';
  return path === paths.startup ? 'startup' : undefined;
}

/** Liveness: the process answers. Startup: the gate has been open. Readiness: send traffic now. */
export function healthAnswer(probe: Probe, gate: GateCore): Answer {
  const good = { live: true, ready: gate.state === 'ready', startup: gate.hasOpened }[probe];
  return {
    status: good ? 200 : 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body: good ? 'ok\n' : 'not ok\n',
  };
}
