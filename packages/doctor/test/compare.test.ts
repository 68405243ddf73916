import { compare, type Comparison } from '../src/judge/compare.js';
import type { Answer } from '../src/probe/answer.js';
import { exactOf, shapeOf } from '../src/probe/fingerprint.js';

let clock = 0;

function answer(status: number | string, body = '', more: Partial<Answer> = {}): Answer {
  return {
    path: '/',
    at: (clock += 10),
    tookMs: 5,
    status,
    type: 'text/html',
    location: '',
    asksToRetry: false,
    exact: exactOf(Buffer.from(body)),
    shape: shapeOf(body),
    sample: body.slice(0, 100),
    ...more,
  };
}

const many = (count: number, make: (at: number) => Answer) => Array.from({ length: count }, (_, at) => make(at));
const judged = (early: Answer[], late: Answer[], alone: Answer[] = []): Comparison['kind'] =>
  compare(early, late, alone).kind;

beforeEach(() => (clock = 0));

test('another status than later is wrong', () => {
  const early = [...many(4, () => answer(404)), ...many(4, () => answer(200, 'x'))];
  const compared = compare(
    early,
    many(8, () => answer(200, 'x')),
    [],
  );
  expect(compared).toMatchObject({ kind: 'wrong', notReady: false, wrong: early.slice(0, 4) });
});

test('404 early and 404 late is not an error, and is not called right', () => {
  expect(
    judged(
      many(4, () => answer(404)),
      many(4, () => answer(404)),
    ),
  ).toBe('unknown');
});

test('another body than later is wrong, although a clock in it differs each time', () => {
  const body = (cities: string) => `{"now":${(clock += 7)},"cities":[${cities}]}`;
  const early = [...many(5, () => answer(200, body(''))), ...many(3, () => answer(200, body('"Bern"')))];
  expect(
    judged(
      early,
      many(8, () => answer(200, body('"Bern"'))),
    ),
  ).toBe('wrong');
});

test.each([
  ['a token', (at: number) => `<input name="csrf" value="${'abcdefghijklmnopqrstuvwxyzABCDEF'.slice(at % 5)}${at}">`],
  ['a counter', (at: number) => `visit ${at * 37}`],
  ['a UUID', (at: number) => `id ${String(at).padStart(8, 'a')}-1234-4abc-8def-123456789abc`],
])('%s that differs each time is not a difference', (_what, body) => {
  expect(
    judged(
      many(8, (at) => answer(200, body(at))),
      many(8, (at) => answer(200, body(at + 50))),
    ),
  ).toBe('right');
});

test('a list that grows is not compared', () => {
  const list = (at: number) =>
    answer(200, JSON.stringify(['ash', 'birch', 'cedar', 'elm', 'fir'].slice(0, 1 + (at % 5))));
  expect(
    judged(
      many(4, list),
      many(8, (at) => list(at >> 1)),
    ),
  ).toBe('right');
});

test('variants of an experiment in any order are right, also one that came early only', () => {
  const variant = (at: number) => answer(200, at % 3 === 0 ? 'A' : 'B');
  expect(judged(many(12, variant), many(8, variant))).toBe('right');
  expect(
    judged(
      many(12, (at) => answer(200, at === 7 ? 'C' : 'B')),
      many(8, () => answer(200, 'B')),
    ),
  ).toBe('right');
});

test('a body that differs between two undisturbed starts is not compared', () => {
  const late = many(8, () => answer(200, 'second start'));
  expect(
    judged(
      many(4, () => answer(200, 'early')),
      late,
      many(3, () => answer(200, 'first start')),
    ),
  ).toBe('right');
});

test('a rate limiter makes a path unknown', () => {
  expect(judged([answer(200), answer(429)], [answer(429)])).toBe('unknown');
});

test('503 with Retry-After is wrong, but the application says so itself', () => {
  const early = many(3, () => answer(503, 'starting', { asksToRetry: true }));
  expect(
    compare(
      early,
      many(4, () => answer(200)),
      [],
    ),
  ).toMatchObject({ kind: 'wrong', notReady: true });
});

test('a redirect with a state in it is right, one to elsewhere is wrong', () => {
  const to = (location: string) => answer(302, '', { location });
  expect(
    judged(
      many(3, () => to(shapeOf('/login?state=1'))),
      many(3, () => to(shapeOf('/login?state=22'))),
    ),
  ).toBe('right');
  expect(
    judged(
      many(3, () => to(shapeOf('/setup'))),
      many(3, () => to(shapeOf('/login'))),
    ),
  ).toBe('wrong');
});

test('late answers that do not come in time make a path unknown, as on a machine that is busy', () => {
  const none = answer('no answer');
  expect(
    judged(
      many(4, () => answer(200)),
      [answer(200), none],
    ),
  ).toBe('unknown');
});
