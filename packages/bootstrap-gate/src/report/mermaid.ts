import type { GateReport, Outcome } from '../kit/report-types.js';
import { headline, marks } from './sentences.js';
import { duration } from './text.js';
import { readTimeline } from './timeline.js';

const tags: Record<Outcome, string> = {
  done: 'done, ',
  running: 'active, ',
  failed: 'crit, ',
  aborted: 'crit, done, ',
};

/**
 * The flight as a Gantt chart in Mermaid's language, for Markdown that renders it (GitHub, GitLab). The axis counts
 * seconds from the begin of the flight; it shows the clock's time where the flight took more than a minute.
 *
 * @throws a TypeError for what is no report
 */
export function toMermaid(report: GateReport): string {
  const timeline = readTimeline('toMermaid', report);
  const { startedAt, durationMs, attempts } = timeline;
  const isShort = durationMs < 60_000; // the reader's time zone, which Mermaid applies, leaves seconds as they are
  const origin = isShort ? 0 : startedAt;
  const task = (name: string, state: Outcome, from: number, to: number): string =>
    `    ${marks[state]} ${literal(name)} :${tags[state]}${Math.round(origin + from)}, ${Math.round(origin + to)}`;
  const sections = attempts.flatMap(({ number, state, from, to, steps }) => [
    `  section attempt ${number}`,
    task('bootstrap', state, from, to),
    ...steps.map((step) => {
      const waiting = step.waitingMs > 0 ? ` (waiting ${duration(step.waitingMs)})` : '';
      return task(step.name + waiting, step.state, step.from, step.to);
    }),
  ]);
  return [
    'gantt',
    `  title ${literal(headline(timeline))}`,
    '  dateFormat x',
    `  axisFormat ${isShort ? '%S.%L' : '%H:%M:%S'}`,
    ...sections,
    '',
  ].join('\n');
}

/** What Mermaid would take for its own: the end of a name, of a line, a comment, a directive, an entity, HTML. */
const lookalikes: Record<string, string> = {
  ':': '∶',
  ';': ',',
  '#': '♯',
  '%': '％',
  '<': '‹',
  '>': '›',
  '{': '(',
  '}': ')',
};

const literal = (text: string): string => text.replace(/[:;#%<>{}]/g, (character) => lookalikes[character] ?? '');
