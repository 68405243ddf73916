import { createGate } from 'bootstrap-gate';
import { type Answer, answerText, digestOf, type Entry } from '../../src/soak/ledger/entry.js';
import { RequestBook } from '../../src/soak/ledger/request-book.js';
import { SiteFacts } from '../../src/soak/ledger/site-facts.js';
import type { Ask, SitePlan } from '../../src/soak/plan/types.js';
import { ask, sitePlan } from './support.js';

function book(given: Partial<Ask> = {}, plan: Partial<SitePlan> = {}) {
  const complaints: string[] = [];
  const requests = new RequestBook((text) => complaints.push(text));
  const site = new SiteFacts('node', sitePlan(plan), createGate());
  const entry = requests.open('single', ask(given), site);
  const run = (digest = digestOf(entry.body), isGone = false): void => {
    requests.run(entry.id, { isGone }).digest = digest;
  };
  return { complaints, requests, site, entry, run };
}

const answer = ({ id, ask }: Entry, given: Partial<Answer> = {}): Answer => ({
  status: 200,
  headers: { 'x-soak-id': String(id) },
  body: Buffer.from(answerText(id, ask.application.bytes)),
  ...given,
});

const denial = (code: string): Answer => ({
  status: 503,
  headers: {
    'content-type': 'application/problem+json',
    'retry-after': '1',
    'cache-control': 'no-store',
    'x-bootstrap-gate': 'not-started',
  },
  body: Buffer.from(JSON.stringify({ code })),
});

test('H1: a request that is answered once, with every byte, is not complained about', () => {
  const { complaints, requests, entry, run } = book({ method: 'POST', bodyBytes: 5_000 });
  run();
  entry.answered(answer(entry));
  requests.close();
  expect(complaints).toEqual([]);
});

test.each([
  ['forgotten', () => {}, 'was forgotten'],
  ['answered twice', (entry: Entry) => [1, 2].forEach(() => entry.answered(answer(entry))), 'was answered twice'],
  ['given the answer to another', (entry: Entry) => entry.answered(answer(entry, { headers: {} })), 'got the answer'],
  ['given half an answer', (entry: Entry) => entry.answered(answer(entry, { body: Buffer.alloc(3) })), 'of 3 bytes'],
  ['cut off', (entry: Entry) => entry.cut('a reset'), 'was cut off (a reset)'],
  ['denied after it ran', (entry: Entry) => entry.answered(denial('ERR_GATE_BOOTSTRAP_FAILED')), 'and yet'],
])('A11: a request that is %s is complained about', (_how, end: (entry: Entry) => void, complaint) => {
  const { complaints, requests, entry, run } = book();
  run();
  end(entry);
  requests.close();
  expect(complaints.join()).toContain(complaint);
});

test('H1: a request that the application was called for twice is complained about', () => {
  const { complaints, run } = book();
  run();
  run();
  expect(complaints.join()).toContain('called 2 times');
});

test('H3: a request that the application was called for when its client was gone is complained about', () => {
  const { complaints, run } = book();
  run('', true);
  expect(complaints.join()).toContain('whose client was gone');
});

test('H1: a body that lost a byte is complained about', () => {
  const { complaints, requests, entry, run } = book({ method: 'POST', bodyBytes: 5_000 });
  run(digestOf(entry.body.subarray(1)));
  entry.answered(answer(entry));
  requests.close();
  expect(complaints.join()).toContain('lost bytes of its body');
});

test.each([
  'ERR_GATE_CLOSED',
  'ERR_GATE_NOT_READY',
  'ERR_GATE_WAIT_TIMEOUT',
  'ERR_GATE_LOOPBACK',
  'ERR_GATE_BOOTSTRAP_TIMEOUT',
])('N1: a denial with %s is complained about where there was no reason for it', (code) => {
  const { complaints, requests, entry } = book();
  entry.answered(denial(code));
  requests.close();
  expect(complaints.join()).toContain('for a reason that there was not');
});

test('N5: an exempt request that is denied is complained about', () => {
  const { complaints, requests, entry } = book({ target: 'exempt' });
  entry.answered(denial('ERR_GATE_BOOTSTRAP_FAILED'));
  requests.close();
  expect(complaints.join()).toContain('although it is exempt');
});

test('N4: health answers are judged by the states of the gate meanwhile', async () => {
  const gate = createGate({ bootstrap: () => 'done' });
  const site = new SiteFacts('node', sitePlan(), gate);
  const before = performance.now();
  expect(['/livez', '/readyz', '/startupz'].map((path) => site.couldSay(path, 200, 0, before))).toEqual([
    true,
    false,
    false,
  ]);
  await gate.ensureReady();
  const now = performance.now();
  expect(['/livez', '/readyz', '/startupz'].map((path) => site.couldSay(path, 503, now, now))).toEqual([
    false,
    false,
    false,
  ]);
  expect(site.couldSay('/readyz', 503, 0, now)).toBe(true); // it was asked before
});

test('F1: two pilots at once are complained about, unless the gate has given the first one up', () => {
  const { complaints, requests, site } = book({}, { flights: [], gate: { firstRequests: 1 } });
  const { pilots } = requests;
  pilots.begin('the first', site, () => false);
  pilots.overdue(`A first request at gate "${site.gate.name}" takes longer than 5 ms`);
  pilots.begin('the second', site, () => false);
  expect(complaints).toEqual([]);
  pilots.begin('the third', site, () => false);
  expect(complaints).toEqual(['F1: the third is a pilot while the second is one']);
});

test('F2: a gate that opens without a success is complained about', () => {
  const gate = createGate();
  const complaints: string[] = [];
  const { pilots } = new RequestBook((text) => complaints.push(text));
  pilots.watch(new SiteFacts('node', sitePlan({ flights: [], gate: { firstRequests: 1 } }), gate));
  return gate
    .wrap(() => 'done')()
    .then(() => expect(complaints).toEqual(['a gate opened after 0 of 1 first requests']));
});
