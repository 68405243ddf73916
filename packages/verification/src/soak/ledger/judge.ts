/** Judges how a request ended. */
import { type Answer, answerText, digestOf, type Entry } from './entry.js';
import type { SiteFacts } from './site-facts.js';

/** What is wrong with it, in words that follow its name; undefined when all is well. */
export function complaintAbout(entry: Entry): string | undefined {
  const { end } = entry;
  if (!end) return `was forgotten; the application was called ${entry.runs.length} times`;
  if (end.kind === 'left') return bodyComplaint(entry);
  if (end.kind === 'cut') return cutComplaint(entry, end.why);
  return deniedBy(end.answer) ? denialComplaint(entry, end.answer) : answerComplaint(entry, end.answer);
}

/** The code of a denial; `page`, `framework` and `HEAD` where the answer does not show it. Undefined where it is none. */
export function deniedBy({ status, headers, body }: Answer): string | undefined {
  if (status !== 503 || headers['x-bootstrap-gate'] !== 'not-started') return undefined;
  if (body.length === 0) return 'HEAD';
  const text = body.toString();
  if (headers['content-type'] === 'application/problem+json') return (JSON.parse(text) as { code: string }).code;
  return text.includes('<progress') ? 'page' : 'framework';
}

function answerComplaint(entry: Entry, { status, headers, body }: Answer): string | undefined {
  const { ask, runs, id } = entry;
  const { does, bytes } = ask.application;
  if (runs.length === 0) return `was answered ${status}, and the application was never called`;
  if (does === 'throws')
    return status === 500 ? bodyComplaint(entry) : `was answered ${status} by a handler that throws`;
  const expected = does === 'fails' ? 500 : entry.kind === 'upgrader' && status === 101 ? 101 : 200;
  if (headers['x-soak-id'] !== String(id)) return `got the answer ${status} to request ${String(headers['x-soak-id'])}`;
  if (status !== expected) return `was answered ${status} instead of ${expected}`;
  const text = ask.method === 'HEAD' || status === 101 ? '' : answerText(id, bytes);
  if (body.toString() !== text) return `got an answer of ${body.length} bytes instead of ${text.length}, or of others`;
  if (entry.sentWhole && runs[0]?.digest === undefined) return 'was answered before its body had been read';
  return bodyComplaint(entry);
}

/** H1: what the application read is what was sent. */
function bodyComplaint(entry: Entry): string | undefined {
  const digest = entry.runs[0]?.digest;
  if (digest === undefined) return undefined;
  if (!entry.sentWhole) return 'was read to its end, which its client never sent';
  return digest === digestOf(entry.body) ? undefined : 'lost bytes of its body, or got others';
}

function denialComplaint(entry: Entry, answer: Answer): string | undefined {
  const { site, runs, ask } = entry;
  const { headers } = answer;
  const code = deniedBy(answer) ?? '';
  if (runs.length > 0) return `was denied (${code}), and yet the application was called`;
  if (ask.target === 'exempt') return hasNoHandlerYet(site) ? undefined : `was denied (${code}) although it is exempt`;
  if (!/^[1-9]\d*$/.test(String(headers['retry-after'])))
    return `was denied with Retry-After: ${String(headers['retry-after'])}`;
  if (headers['cache-control'] !== 'no-store') return 'was denied in a way that may be cached';
  if (entry.continued && site.adapter.startsWith('server')) return `was denied (${code}) after a 100 Continue`;
  return codeComplaint(entry, code);
}

/** Whether this denial could be at all. */
function codeComplaint({ site, ask, sentAt, endedAt }: Entry, code: string): string | undefined {
  const { door, flights } = site.plan;
  const possible: Record<string, boolean> = {
    ERR_GATE_CLOSED: site.isClosed,
    ERR_GATE_NOT_READY: site.wasReset,
    ERR_GATE_WAIT_TIMEOUT: endedAt - sentAt > door.waitTimeoutMs - 10,
    ERR_GATE_QUEUE_FULL: true,
    ERR_GATE_BOOTSTRAP_FAILED: flights.length > 0,
    ERR_GATE_BOOTSTRAP_TIMEOUT: site.plan.gate.bootTimeoutMs !== undefined,
    HEAD: ask.method === 'HEAD',
    page: door.waitingPage && ask.navigates,
    framework: door.forward,
  };
  return possible[code] ? undefined : `was denied for a reason that there was not: ${code}`;
}

/** Where the bootstrap makes the listener, there is nobody to take an exempt request before. */
function hasNoHandlerYet({ plan, adapter }: SiteFacts): boolean {
  return plan.handler && adapter.startsWith('node');
}

function cutComplaint(entry: Entry, why: string): string | undefined {
  const { ask, runs, site } = entry;
  if (runs.length === 1 && (ask.application.does === 'breaks' || entry.mayBeCut)) return bodyComplaint(entry);
  if (runs.length > 0) return `was cut off (${why}) although the application was called`;
  if (entry.mayBeCut || site.serverIsClosed) return undefined;
  // A server that closes while a body is on its way to it resets the connection, and the answer may be lost on the way.
  if (site.isClosed && ask.bodyBytes > 0) return undefined;
  return `was cut off (${why}) without an answer`;
}
