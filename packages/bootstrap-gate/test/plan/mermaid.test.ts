import { plan } from '../../src/index.js';

const fn = (): void => {};

test('toMermaid draws the steps in their order, and an arrow from each need to those who need it', () => {
  const made = plan()
    .step('config', fn)
    .step('database', ['config'], fn)
    .step('user cache', ['config', 'database'], fn);
  expect(made.toMermaid()).toBe(
    [
      'flowchart TD',
      '  step_config["config"]',
      '  step_database["database"]',
      '  step_user_20_cache["user cache"]',
      '  step_config --> step_database',
      '  step_config --> step_user_20_cache',
      '  step_database --> step_user_20_cache',
    ].join('\n'),
  );
});

test('toMermaid draws plans that cannot run, too: what no step defines is dashed', () => {
  const name: string = 'a';
  const needs = [name, 'nowhere'] as 'a'[];
  const made = plan().step('a', fn).step(name, needs, fn);
  expect(made.toMermaid()).toBe(
    [
      'flowchart TD',
      '  step_a["a"]',
      '  step_nowhere["nowhere ?"]:::unknown',
      '  step_a --> step_a',
      '  step_nowhere -.-> step_a',
      '  classDef unknown stroke-dasharray: 4',
    ].join('\n'),
  );
});

test('an empty plan is an empty flowchart', () => {
  expect(plan().toMermaid()).toBe('flowchart TD');
});

test('what is added to a plan changes no line that was there', () => {
  const before = plan().step('b', fn).step('c', ['b'], fn);
  const after = plan().step('a', fn).step('b', fn).step('c', ['b'], fn).step('d', ['a'], fn);
  const lines = after.toMermaid().split('\n');
  for (const line of before.toMermaid().split('\n')) expect(lines).toContain(line);
});

test.each([
  ['end', 'step_end["end"]'],
  ['a"]; b["', 'step_a_22__5d__3b__20_b_5b__22_["a#34;#93;#59; b#91;#34;"]'],
  ['<script>', 'step__3c_script_3e_["#60;script#62;"]'],
  ['`**x**`', 'step__60__2a__2a_x_2a__2a__60_["#96;#42;#42;x#42;#42;#96;"]'],
  ['line\nbreak', 'step_line_a_break["line#10;break"]'],
  ['#35;', 'step__23_35_3b_["#35;35#59;"]'],
  ['a_b', 'step_a_5f_b["a#95;b"]'],
  ['Größe 数', 'step_Gr_f6__df_e_20__6570_["Größe 数"]'],
  ['😀', 'step__1f600_["#128512;"]'],
])('toMermaid writes %j so that it is shown as it is, and nothing else', (name, line) => {
  expect(plan().step(name, fn).toMermaid()).toBe(`flowchart TD\n  ${line}`);
});

test('two names never become one node', () => {
  const names = ['a b', 'a_b', 'a_20_b', 'a-b', 'A b', 'a  b'];
  const made = names.reduce(
    (soFar: { step(name: string, f: () => void): unknown; toMermaid(): string }, name) =>
      soFar.step(name, fn) as typeof soFar,
    plan(),
  );
  const ids = made
    .toMermaid()
    .split('\n')
    .slice(1)
    .map((line) => line.split('[')[0]);
  expect(new Set(ids).size).toBe(names.length);
});
