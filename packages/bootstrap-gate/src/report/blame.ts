import type { GateReport } from '../kit/report-types.js';
import { headline, marks, remark } from './sentences.js';
import { duration, plain } from './text.js';
import { covered, readTimeline } from './timeline.js';

/**
 * Which step took how long, as a table, the slowest first, and how much of that it only waited; and which of them took
 * longer than in earlier boots, where the gate has a `history`. Modelled on `systemd-analyze blame`.
 *
 * @throws a TypeError for what is no report
 */
export function blame(report: GateReport): string {
  const timeline = readTimeline('blame', report);
  const { attempts, durationMs } = timeline;
  const steps = attempts.flatMap(({ number, steps }) =>
    steps.map((step) => ({ ...step, number, took: step.to - step.from })),
  );
  if (steps.length === 0) return `${headline(timeline)}\n`;

  const rows = steps
    .sort((a, b) => b.took - a.took)
    .map((step) => [
      duration(step.took),
      duration(step.took - step.waitingMs),
      step.waitingMs > 0 ? duration(step.waitingMs) : '–',
      [`${marks[step.state]} ${step.name}`, attempts.length > 1 && `attempt ${step.number}`, remark(step)]
        .filter(Boolean)
        .join(' · '),
    ]);
  const apart = durationMs - covered(steps);
  return [
    headline(timeline),
    '',
    ...table([['took', 'working', 'waiting', '  step'], ...rows]),
    '',
    `In no step: ${duration(apart)}.`,
    ...slower(report),
    '',
  ].join('\n');
}

/** The steps that take longer than in earlier boots, where the gate has a history. */
const slower = ({ estimate }: GateReport): string[] =>
  (estimate?.slower ?? []).map(
    ({ name, durationMs, usualMs }) =>
      `Slower than usual: ${plain(name)}, ${duration(durationMs)} instead of ${duration(usualMs)}.`,
  );

/** The last column reads from the left, the others end at the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}
