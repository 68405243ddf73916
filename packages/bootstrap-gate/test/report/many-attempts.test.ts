import { newsBetween } from '../../src/report/terminal-news.js';
import type { GateReport } from '../../src/index.js';
import { attempt, BEGIN } from './support/reports.js';

/** Of a flight whose attempts began 10 ms apart, as a report shows it: the first ten and the last ten. */
function reportOf(count: number): GateReport {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const shown = count > 20 ? [...numbers.slice(0, 10), ...numbers.slice(-10)] : numbers;
  const attempts = shown.map((number) => ({
    ...attempt(10 * number, 10 * number + 5, []),
    attempt: number,
    startedAt: BEGIN + 10 * number,
    outcome: number === count ? ('running' as const) : ('failed' as const),
    error: number === count ? null : `no ${number}`,
  }));
  const omitted = count - shown.length;
  const rest = { admitted: 0, denied: 0, held: 0, verdicts: [] };
  return { gate: 'shop', state: 'booting', attempts, ...(omitted > 0 && { attemptsOmitted: omitted }), ...rest };
}

test.each([5, 20, 21, 40])('between attempt %i and the next, only what is new is told', (count) => {
  const news = newsBetween(reportOf(count), reportOf(count + 1)).map(({ text }) => text);
  expect(news).toEqual([`✗ attempt ${count} failed after 5 ms: no ${count}`, `▸ attempt ${count + 1}`]);
});
