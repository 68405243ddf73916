/** Denials as data: what a client is told, and in which form. */
import type { GateError, GateErrorCode } from '../kit/errors.js';
import type { GateCore } from '../gate/gate-core.js';
import { messageOf } from '../kit/errors.js';
import type { Answer } from './answer.js';
import type { AdmissionSettings } from './admission-options.js';
import type { RequestFacts } from './facts.js';
import { waitingPage } from './page/page.js';

/** A client that is sent away for longer would miss a boot that is faster than usual. */
const LONGEST_ESTIMATE_MS = 60_000;

const titles: Partial<Record<GateErrorCode, string>> = {
  ERR_GATE_BOOTSTRAP_FAILED: 'The application could not start',
  ERR_GATE_BOOTSTRAP_TIMEOUT: 'The application could not start in time',
  ERR_GATE_WAIT_TIMEOUT: 'The application is still starting',
  ERR_GATE_QUEUE_FULL: 'Too many requests wait for the application to start',
  ERR_GATE_CLOSED: 'The application is shutting down',
  ERR_GATE_LOOPBACK: 'The application cannot call itself while it starts',
};

/**
 * The headers of every denial. `X-Bootstrap-Gate: not-started` says that the application has not seen the request, so
 * that it is safe to send it again.
 */
export function denialHeaders(core: GateCore): Record<string, string> {
  const remainingMs = Math.min(LONGEST_ESTIMATE_MS, core.timing?.remainingMs ?? 0);
  return {
    'Retry-After': String(Math.max(1, Math.ceil(Math.max(core.cooldownLeftMs, remainingMs) / 1000))),
    'Cache-Control': 'no-store',
    'X-Bootstrap-Gate': 'not-started',
  };
}

/** The answer to a request that is denied: problem details (RFC 9457), or the waiting page for a person. */
export function denial(facts: RequestFacts, error: GateError, core: GateCore, settings: AdmissionSettings): Answer {
  const headers = denialHeaders(core);
  const isLast = error.code === 'ERR_GATE_CLOSED';
  const page = settings.waitingPage;
  if (page && !isLast && isNavigation(facts)) return waitingPage(core, page, settings.expose, headers);
  const problem = {
    type: `urn:bootstrap-gate:${error.code}`,
    title: titles[error.code] ?? 'The application is not ready',
    status: error.status,
    code: error.code,
    ...(settings.expose && { detail: messageOf(error) }),
  };
  return {
    status: error.status,
    headers: { 'Content-Type': 'application/problem+json', 'X-Content-Type-Options': 'nosniff', ...headers },
    body: `${JSON.stringify(problem)}\n`,
    isLast,
  };
}

/** Whether a person's browser asks for a document: never an API call, a sub-resource or a posted form. */
export function isNavigation(facts: RequestFacts): boolean {
  if (facts.method !== 'GET' && facts.method !== 'HEAD') return false;
  const mode = facts.header('sec-fetch-mode');
  const destination = facts.header('sec-fetch-dest');
  if (mode !== undefined || destination !== undefined) return mode === 'navigate' && destination === 'document';
  return /^\s*text\/html\b/i.test(facts.header('accept') ?? '');
}
