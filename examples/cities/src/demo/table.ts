/** What a run came to, as a table with one column for each. */
import type { Outcome } from './herd.js';
import type { Run } from './run.js';

const rows: Record<string, (run: Run) => string> = {
  'right answers': (run) => String(having(run, 'right').length),
  'wrong answers': (run) => String(having(run, 'wrong').length),
  'connection errors': (run) => String(having(run, 'unanswered').length),
  'notes lost or doubled': (run) => String(run.notesAmiss),
  'bootstraps run': (run) => String(run.bootstraps),
  'slowest request': (run) => `${(Math.max(...run.outcomes.map(({ ms }) => ms)) / 1_000).toFixed(2)} s`,
};

export function table(runs: Record<string, Run>): string {
  const line = (name: string, cells: string[]): string =>
    name.padEnd(22) + cells.map((cell) => cell.padStart(18)).join('');
  return [
    line('', Object.keys(runs)),
    ...Object.entries(rows).map(([name, cell]) => line(name, Object.values(runs).map(cell))),
    '',
    ...Object.entries(runs).flatMap(([title, run]) => flaws(title, run)),
  ].join('\n');
}

/** Whether every request got the right answer, once, from one bootstrap. */
export function isFlawless(run: Run): boolean {
  return having(run, 'right').length === run.outcomes.length && run.notesAmiss === 0 && run.bootstraps === 1;
}

/** What was not right, counted by reason: "wrong without a gate: 180 × status 500, 60 × too few cities". */
function flaws(title: string, run: Run): string[] {
  const counts = new Map<string, number>();
  for (const { verdict, reason } of run.outcomes) {
    if (verdict !== 'right') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  return [`Wrong ${title}: ${[...counts].map(([reason, count]) => `${count} × ${reason}`).join(', ')}.`, ''];
}

function having(run: Run, verdict: Outcome['verdict']): Outcome[] {
  return run.outcomes.filter((outcome) => outcome.verdict === verdict);
}
