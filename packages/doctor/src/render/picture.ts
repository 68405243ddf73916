/** The early requests of each path over time: a dot is right, a cross is wrong, a bar is waiting. */
import type { EarlyAnswer, Examination } from '../finding.js';
import { escape } from './escape.js';

const WIDTH = 900;
const LEFT = 170;
const RIGHT = 20;
const LABEL = 15;
const LANE = 26;

export function picture({ early, timeline }: Examination): string {
  if (early.length === 0) return '';
  const paths = [...new Set(early.map(({ path }) => path))];
  const interesting = [
    ...early.filter(({ right }) => !right).map(({ sentMs }) => sentMs),
    ...timeline.map(({ fromMs, toMs }) => toMs ?? fromMs),
  ];
  const from = Math.min(...early.map(({ sentMs }) => sentMs), ...timeline.map(({ fromMs }) => fromMs));
  const to = Math.max(...interesting) + Math.max(100, (Math.max(...interesting) - from) * 0.35);
  const x = (ms: number) => LEFT + ((Math.min(ms, to) - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  // A line of its own for each label: moments may be close together.
  const top = timeline.length * LABEL + 8;
  const height = top + paths.length * LANE + 40;
  const lanes = paths.map((path, at) =>
    lane(
      path,
      top + at * LANE + LANE / 2,
      early.filter((one) => one.path === path && one.sentMs <= to),
      x,
    ),
  );
  const wrong = early.filter(({ right }) => !right).length;
  const summary = `${early.length} early requests, ${wrong} of them answered wrong`;
  return `<figure><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(summary)}">
${timeline.map(({ fromMs, text }, at) => mark(x(fromMs), (at + 1) * LABEL, height - 40, text)).join('')}
${lanes.join('')}
${axis(from, to, height - 36, x)}
</svg><figcaption>${escape(summary)}. A dot is a right answer, a cross a wrong one; a bar is the time that a request waited. Times since the process began.</figcaption></figure>`;
}

function lane(path: string, y: number, answers: readonly EarlyAnswer[], x: (ms: number) => number): string {
  const label = path.length > 20 ? `${path.slice(0, 19)}…` : path;
  const name = `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${escape(label)}</text>`;
  const line = `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>`;
  return name + line + answers.map((answer) => sign(answer, y, x)).join('');
}

function sign({ sentMs, tookMs, right, answer }: EarlyAnswer, y: number, x: (ms: number) => number): string {
  const [start, end] = [x(sentMs), x(sentMs + tookMs)];
  const title = `<title>${Math.round(sentMs)} ms: ${escape(String(answer))} after ${Math.round(tookMs)} ms</title>`;
  if (!right) return `<path class="bad" d="M${r(end - 4)} ${y - 4}l8 8m0-8l-8 8">${title}</path>`;
  const wait = end - start > 6 ? `<line class="wait" x1="${r(start)}" x2="${r(end)}" y1="${y}" y2="${y}"/>` : '';
  return `${wait}<circle class="good" cx="${r(end)}" cy="${y}" r="4">${title}</circle>`;
}

function mark(x: number, y: number, bottom: number, text: string): string {
  const anchor = x > WIDTH - 160 ? 'end' : 'start';
  return `<line class="mark" x1="${r(x)}" x2="${r(x)}" y1="${y - 9}" y2="${bottom}"/><text x="${r(x + (anchor === 'end' ? -4 : 4))}" y="${y}" text-anchor="${anchor}">${escape(text)}</text>`;
}

function axis(from: number, to: number, y: number, x: (ms: number) => number): string {
  const step = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000].find((one) => (to - from) / one <= 8) ?? 20_000;
  const ticks = Array.from({ length: 10 }, (_, at) => (Math.ceil(from / step) + at) * step).filter((ms) => ms <= to);
  return ticks.map((ms) => `<text x="${r(x(ms))}" y="${y + 16}" text-anchor="middle">${ms} ms</text>`).join('');
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
