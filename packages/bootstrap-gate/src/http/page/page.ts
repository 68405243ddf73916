/** The page that a browser shows while the application starts, and what the page's own script asks for. */
import type { GateCore } from '../../gate/gate-core.js';
import type { Answer } from '../answer.js';
import { warnOfCallback } from '../callback-warning.js';
import type { AdmissionSettings } from '../admission-options.js';
import type { RequestFacts } from '../facts.js';
import { pageDocument } from './page-document.js';
import { pageView } from './page-view.js';

/** The page, with status 503; as plain text where the user's `render` fails. */
export function waitingPage(
  core: GateCore,
  { title, render }: NonNullable<AdmissionSettings['waitingPage']>,
  expose: boolean,
  headers: Readonly<Record<string, string>>,
): Answer {
  if (!render) {
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
    const security = { 'Content-Security-Policy': contentSecurityPolicy(nonce) };
    const body = pageDocument(title, pageView(core, expose), nonce);
    return { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', ...security, ...headers }, body };
  }
  try {
    const body: unknown = render(core.report());
    if (typeof body !== 'string') throw notAString(body);
    return { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
  } catch (error) {
    warnOfCallback(render, `The waiting page of gate "${core.name}" failed`, error);
    const plain = { 'Content-Type': 'text/plain; charset=utf-8', ...headers };
    return { status: 503, headers: plain, body: 'The application is not ready.\n' };
  }
}

/** Whether this is a page that asks how far the start is: a GET or HEAD of its own URL, with a header of its own. */
export function isPoll(facts: RequestFacts): boolean {
  return (facts.method === 'GET' || facts.method === 'HEAD') && facts.header('x-bootstrap-gate') === 'poll';
}

/**
 * The answer to a poll. It is no denial, and so no 503: browsers report each of those as an error, and proxies count
 * them. As long as it is marked the page has to wait. Where the next pilot is wanted it is not: then the page has to load
 * itself again, since only a navigation can be the pilot.
 */
export function pollAnswer(core: GateCore, expose: boolean): Answer {
  const type = { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' };
  const headers = { ...type, 'Cache-Control': 'no-store' };
  if (core.wantsPilot) return { status: 200, headers, body: '{}\n' };
  const body = `${JSON.stringify(pageView(core, expose))}\n`;
  return { status: 200, headers: { ...headers, 'X-Bootstrap-Gate': 'not-started' }, body };
}

/** What an `async` render rejects with later must not end the process. */
function notAString(body: unknown): TypeError {
  Promise.resolve(body).catch(() => {});
  return new TypeError('it must return a string');
}

/** The empty icon of the page is a `data:` URL; without one the browser would ask for `/favicon.ico`, and be held. */
function contentSecurityPolicy(nonce: string): string {
  const own = `script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; img-src data:`;
  return `default-src 'none'; ${own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
