/** What the checks have in common about answers. */
import assert from 'node:assert/strict';
import type { GateErrorCode } from 'bootstrap-gate';
import type { Echo } from './application.js';
import type { Answer, Exchange, Head } from './client.js';

/** The application has answered this request, and the gate has left no trace on it. */
export async function assertServed(exchange: Exchange | Promise<Answer>): Promise<Answer> {
  const answer = await ('answer' in exchange ? exchange.answer : exchange);
  assert.equal(answer.status, 200, `the application's answer must arrive; it was ${answer.status} ${answer.text}`);
  assert.equal(answer.headers['x-bootstrap-gate'], undefined, 'an answer of the application must not be marked');
  return answer;
}

export async function assertEcho(exchange: Exchange | Promise<Answer>, target: string): Promise<Echo> {
  const { text } = await assertServed(exchange);
  const echo = JSON.parse(text) as Echo;
  assert.equal(echo.url, target);
  return echo;
}

/** The gate has denied this request, with everything that a denial must have. */
export async function assertDenied(
  exchange: Exchange | Promise<Answer>,
  code: GateErrorCode,
): Promise<{ answer: Answer; retryAfterSeconds: number }> {
  const answer = await ('answer' in exchange ? exchange.answer : exchange);
  const retryAfterSeconds = assertDenialHead(answer);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json\b/, 'Content-Type of a denial');
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  assert.equal(problem['code'], code, `the code of this denial must be ${code}, not ${String(problem['code'])}`);
  assert.equal(problem['status'], 503);
  for (const member of ['type', 'title']) assert.equal(typeof problem[member], 'string', `the problem's ${member}`);
  return { answer, retryAfterSeconds };
}

/** @returns what `Retry-After` says */
export function assertDenialHead({ status, headers }: Head): number {
  assert.equal(status, 503, `this had to be denied with 503; the answer was ${status}`);
  assert.equal(headers['cache-control'], 'no-store', 'Cache-Control of a denial');
  assert.equal(headers['x-bootstrap-gate'], 'not-started', 'X-Bootstrap-Gate of a denial');
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/, 'Retry-After must be whole seconds');
  return Number(headers['retry-after']);
}
