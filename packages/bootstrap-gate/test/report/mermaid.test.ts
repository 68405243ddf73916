import { toMermaid } from '../../src/report/index.js';
import { attempt, BEGIN, reportOf, step } from './support/reports.js';

test('a chart has a section for each attempt, and a task with tag, begin and end for each step', () => {
  const steps = [
    step('config', 0, 50),
    step('db', 50, 200, { state: 'failed', error: 'refused' }),
    step('mail', 50, 200, { state: 'aborted', error: 'refused' }),
  ];
  const report = reportOf(
    [
      attempt(0, 200, steps, { outcome: 'failed', error: 'refused' }),
      attempt(500, 900, [step('db', 500, 900, { state: 'running', waitingMs: 300 })], {
        attempt: 2,
        outcome: 'running',
      }),
    ],
    { state: 'booting' },
  );
  expect(toMermaid(report)).toBe(
    [
      'gantt',
      '  title shop∶ booting · its bootstrap has been running for 900 ms, in 2 attempts',
      '  dateFormat x',
      '  axisFormat %S.%L',
      '  section attempt 1',
      '    ✗ bootstrap :crit, 0, 200',
      '    ✓ config :done, 0, 50',
      '    ✗ db :crit, 50, 200',
      '    – mail :crit, done, 50, 200',
      '  section attempt 2',
      '    ▸ bootstrap :active, 500, 900',
      '    ▸ db (waiting 300 ms) :active, 500, 900',
      '',
    ].join('\n'),
  );
});

test('a flight of more than a minute is shown with the time of the clock', () => {
  const text = toMermaid(reportOf([attempt(0, 60_000, [])]));
  expect(text).toContain('axisFormat %H:%M:%S\n');
  expect(text).toContain(`✓ bootstrap :done, ${BEGIN}, ${BEGIN + 60_000}\n`);
});

test('a name cannot end itself, begin a comment, a directive, an entity or a tag', () => {
  const name = 'a: crit, 1\n%%{init: {"theme": "forest"}}%% #lt; <script>alert(1)</script>';
  const line = toMermaid(reportOf([attempt(0, 9, [step(name, 0, 9)])])).split('\n')[6];
  expect(line).toBe('    ✓ a∶ crit, 1 ％％(init∶ ("theme"∶ "forest"))％％ ♯lt, ‹script›alert(1)‹/script› :done, 0, 9');
});

test('a report without a flight is a chart without tasks', () => {
  expect(toMermaid(reportOf([], { state: 'idle' }))).toBe(
    'gantt\n  title shop∶ idle · there was no flight yet\n  dateFormat x\n  axisFormat %S.%L\n',
  );
});
